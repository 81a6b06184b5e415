// Keeps the address of the search page that of what it finds, so that it can be shared.

const keep = (form) => history.replaceState(null, '', `/search?${new URLSearchParams(new FormData(form))}`);

document.addEventListener('input', ({ target: { form } }) => {
  if (form?.dataset.hxTarget === '#results') keep(form);
});

// The viewer may have typed before this script came.
const field = document.querySelector('form[data-hx-target="#results"] [type="search"]');
if (field && field.value !== field.defaultValue) keep(field.form);
