// Turns sounds and desktop notices on and off, by kind of notice. The choice stays on this device, until the
// viewer signs out: for each means, the kinds that are wanted are kept.

import { playSound } from './announce.js';

const section = document.getElementById('device-notices');

// allow returns why desktop notices are impossible, or '' if they are possible.
async function allow() {
  if (!window.Notification) return 'This browser shows no desktop notices for this site.';
  if (await Notification.requestPermission() !== 'granted') return 'Your browser does not allow them. Allow notifications for this site in its settings, and try again.';
  try {
    new Notification('Notices will look like this.', { tag: 'sample' });
    return '';
  } catch {
    return 'This browser shows no desktop notices for a page. Sounds work here.';
  }
}

function offer(part) {
  const means = part.dataset.means;
  const button = part.querySelector('button');
  const note = part.querySelector('[role="status"]');
  const boxes = [...part.querySelectorAll('input')];
  const kindOf = (box) => box.name.slice(means.length + 1);

  function show() {
    const wanted = kept.read(means)?.split(' ');
    button.textContent = button.dataset[wanted ? 'off' : 'on'];
    part.querySelector('.kinds').hidden = !wanted;
    for (const box of boxes) box.checked = wanted?.includes(kindOf(box));
  }

  function keep(kinds) {
    kept.write(means, kinds.join(' '), true);
    show();
  }

  button.addEventListener('click', async () => {
    note.textContent = '';
    if (kept.read(means)) return keep([]);
    if (means === 'sound') playSound();
    else note.textContent = await allow();
    if (!note.textContent) keep(boxes.map(kindOf));
  });
  part.addEventListener('change', () => keep(boxes.filter((box) => box.checked).map(kindOf)));
  show();
}

section.querySelectorAll('fieldset').forEach(offer);
section.hidden = false;
