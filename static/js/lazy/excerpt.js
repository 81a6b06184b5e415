// Returns the text of a message on one line as the server has it: without what spoilers hide, and with formulas as they
// were typed.

export function textOf(body) {
  const copy = body.cloneNode(true);
  copy.querySelectorAll('.code-head').forEach((head) => head.remove());
  copy.querySelectorAll('.spoiler').forEach((spoiler) => spoiler.replaceChildren('[spoiler]'));
  copy.querySelectorAll('.math[title]').forEach((formula) => formula.replaceChildren(formula.title));
  return copy.textContent.replace(/\s+/g, ' ').trim();
}
