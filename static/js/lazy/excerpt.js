// Returns the text of a message on one line, without what its spoilers hide, as the server has it.

export function textOf(body) {
  const copy = body.cloneNode(true);
  copy.querySelectorAll('.code-head').forEach((head) => head.remove());
  copy.querySelectorAll('.spoiler').forEach((spoiler) => spoiler.replaceChildren('[spoiler]'));
  return copy.textContent.replace(/\s+/g, ' ').trim();
}
