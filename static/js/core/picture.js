// Shows somebody's new picture wherever the page shows another one of theirs, or is about to.

const MADE_IN = 1000; // ms: a page may show what was until so long before its time

htmx.registerExtension('plaza-picture', {
  handle_swap(style, target, fragment, spec) {
    if (style !== 'picture') return false;
    // What is older than the page would bring back a picture that was replaced since.
    if (spec.at < document.getElementById('stream').dataset.asOf - MADE_IN) return [];
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
