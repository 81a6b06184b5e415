// Gives each block of code a button that copies it.

const SHOWN = 2000; // ms

function addButton(block) {
  const head = block.querySelector('.code-head');
  if (!head || head.querySelector('.copy')) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'copy', textContent: 'Copy' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.querySelector('code').textContent.replace(/\n+$/, ''));
      button.textContent = 'Copied';
      button.classList.add('copied');
    } catch {
      button.textContent = 'Select it and copy by hand';
    }
    setTimeout(() => {
      button.textContent = 'Copy';
      button.classList.remove('copied');
    }, SHOWN);
  });
  head.append(button);
}

const addButtons = (root) => root.querySelectorAll('.code').forEach(addButton);

addButtons(document);
document.addEventListener('plaza:added', ({ detail: articles }) => articles.forEach(addButtons));
document.addEventListener('htmx:after:swap', () => {
  const preview = document.getElementById('preview');
  if (preview) addButtons(preview);
});
