// Shows a person's new picture in place of the old one, and in the copies that a template makes.

const MADE_IN = 1000; // ms: a page's pictures may be this much older than its time

htmx.registerExtension('plaza-picture', {
  handle_swap(style, target, fragment, spec) {
    if (style !== 'picture') return false;
    // A change from before the page could bring back a picture that has been replaced since.
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
