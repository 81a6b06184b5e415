// Formats the selected text of a field: the tools of the composer, their keys, and an address that is pasted over a text.
// The browser can undo each change, so the changes go through its own editing.

const MARKS = { bold: '**', italic: '*', strike: '~~', code: '`' };
const PREFIXES = { list: '- ', quote: '> ' };
const PLACEHOLDER = 'https://';

// replace puts a text in the place of another one, and selects it or a part of it.
function replace(field, from, to, text, start = from, end = from + text.length) {
  field.focus();
  field.setSelectionRange(from, to);
  if (text) document.execCommand('insertText', false, text);
  else document.execCommand('delete');
  field.setSelectionRange(start, end);
}

// edges returns where the selected text begins and ends, without the mark and the spaces around it: behind a space a
// mark would be text.
function edges({ value, selectionStart, selectionEnd }, mark = ' ') {
  let [from, to] = [selectionStart, selectionEnd];
  const isEdge = (at) => /\s/.test(value[at]) || value[at] === mark;
  while (from < to && isEdge(from)) from += 1;
  while (from < to && isEdge(to - 1)) to -= 1;
  return from < to ? [from, to] : [selectionStart, selectionEnd];
}

// Three stars are bold and italic at once.
function wrap(field, mark) {
  const { value } = field;
  const [from, to] = edges(field, mark[0]);
  const isMark = (at) => value[at] === mark[0];
  let count = 0;
  while (isMark(from - count - 1) && isMark(to + count)) count += 1;
  const text = value.slice(from, to);
  const { length } = mark;
  if (length === 1 ? count % 2 : count >= length) replace(field, from - length, to + length, text);
  else replace(field, from, to, mark + text + mark, from + length, to + length);
}

function fence(field) {
  const { value } = field;
  const [from, to] = edges(field);
  const [before, after] = ['```\n', '\n```'];
  const text = value.slice(from, to);
  if (value.slice(0, from).endsWith(before) && value.slice(to).startsWith(after)) replace(field, from - before.length, to + after.length, text);
  else replace(field, from, to, before + text + after, from + before.length, to + before.length);
}

function prefix(field, mark) {
  const { value, selectionStart, selectionEnd } = field;
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const end = value.indexOf('\n', selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split('\n');
  const has = lines.every((line) => line.startsWith(mark));
  const text = lines.map((line) => (has ? line.slice(mark.length) : mark + line)).join('\n');
  if (lines.length > 1) return replace(field, from, to, text);
  const cursor = Math.max(from, selectionEnd + text.length - (to - from));
  replace(field, from, to, text, cursor, cursor);
}

// link makes a link of the selected text, or a text of the selected link.
export function link(field, address = PLACEHOLDER) {
  const { value } = field;
  const [from, to] = edges(field);
  const text = value.slice(from, to);
  const [, target] = (value[from - 1] === '[' && /^\]\(([^()\s]*)\)/.exec(value.slice(to))) || [];
  if (target !== undefined) return replace(field, from - 1, to + target.length + 3, text);
  const made = `[${text}](${address})`;
  const end = from + made.length;
  // The placeholder is selected, so that an address that is pasted or typed replaces it.
  if (address === PLACEHOLDER) replace(field, from, to, made, end - address.length - 1, end - 1);
  else replace(field, from, to, made, end, end);
}

export function format(field, does) {
  if (does === 'link') link(field);
  else if (PREFIXES[does]) prefix(field, PREFIXES[does]);
  else if (does === 'code' && field.value.slice(...edges(field)).includes('\n')) fence(field);
  else wrap(field, MARKS[does]);
}
