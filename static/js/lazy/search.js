// Keeps the address of the search page that of what it finds, so that it can be shared.

document.addEventListener('input', ({ target: { form } }) => {
  if (form?.dataset.hxTarget === '#results') history.replaceState(null, '', `/search?${new URLSearchParams(new FormData(form))}`);
});
