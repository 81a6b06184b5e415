// Has one ask for sounds and desktop notices, by kind. The choice is this device's alone, which keeps the
// kinds that are wanted by each means.

const section = document.getElementById('device-notices');

// allow returns why there can be no desktop notices; '' where there can.
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
    const wanted = localStorage[means]?.split(' ');
    button.textContent = button.dataset[wanted ? 'off' : 'on'];
    part.querySelector('.kinds').hidden = !wanted;
    for (const box of boxes) box.checked = wanted?.includes(kindOf(box));
  }

  function keep(kinds) {
    if (kinds.length) localStorage[means] = kinds.join(' ');
    else localStorage.removeItem(means);
    show();
  }

  button.addEventListener('click', async () => {
    note.textContent = '';
    if (localStorage[means]) return keep([]);
    if (means === 'sound') document.dispatchEvent(new Event('plaza:try-sound'));
    else note.textContent = await allow();
    if (!note.textContent) keep(boxes.map(kindOf));
  });
  part.addEventListener('change', () => keep(boxes.filter((box) => box.checked).map(kindOf)));
  show();
}

if (section) {
  section.hidden = false;
  section.querySelectorAll('fieldset').forEach(offer);
}
