// Shows somebody's new picture wherever the page shows another one of theirs, or is about to.

htmx.registerExtension('plaza-picture', {
  handle_swap(style, target, fragment) {
    if (style !== 'picture') return false;
    const [path, version] = fragment.querySelector('img').getAttribute('src').split('?');
    for (const root of [document, document.getElementById('pending')?.content]) {
      for (const image of root?.querySelectorAll(`img[src^="${path}?"]`) ?? []) {
        const before = image.getAttribute('src');
        const now = before.replace(/v=[^&]*/, version);
        if (now !== before) image.src = now;
      }
    }
    return [];
  },
});
