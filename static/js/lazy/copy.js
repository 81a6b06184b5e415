// Copies the address of a path when its button is pressed, and says so on the button.

const SHOWN = 2000; // ms

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copies]');
  if (!button) return;
  const label = button.querySelector('span');
  button.dataset.label ??= label.textContent;
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copies, location));
    label.textContent = 'Copied';
  } catch {
    label.textContent = 'Copy it from the address bar';
  }
  setTimeout(() => { label.textContent = button.dataset.label; }, SHOWN);
});
