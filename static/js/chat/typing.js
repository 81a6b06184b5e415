// Says who else is typing, and tells others when the viewer is.

const line = document.getElementById('typing');

if (line) {
  const { viewer } = document.getElementById('log').dataset;
  const EVERY = 2500; // ms
  let told = 0;

  htmx.registerExtension('plaza-typing', {
    handle_swap(style, target, fragment) {
      if (style !== 'typing') return false;
      const names = [...fragment.children].filter(({ dataset: { member } }) => member !== viewer).map((child) => child.textContent);
      line.textContent = names.length ? `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} typing…` : '';
      return [];
    },
  });

  document.getElementById('message')?.addEventListener('input', ({ target: { value } }) => {
    if (!value || Date.now() - told < EVERY) return;
    told = Date.now();
    htmx.trigger('#stream form', 'typing');
  });
  document.addEventListener('plaza:submitted', () => { told = 0; });
}
