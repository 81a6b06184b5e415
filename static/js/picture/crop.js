// Lets people choose a part of a picture before it is uploaded: with the pointer, or with sliders. The form
// sends the choice in pixels of the upright picture.

import '../../vendor/cropperjs/cropper.min.js';

const NEAREST = 8; // how many times larger than the whole

const within = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));

// crop adds a picture to the form, with a square on it to move. Its size is in pixels.
export async function crop(form, picture) {
  const area = document.getElementById('cropping').content.firstElementChild.cloneNode(true);
  form.querySelector('.upload').before(area);
  const image = area.querySelector('cropper-image');
  image.src = picture.src;
  await image.$ready();
  choosePart(form, area, picture);
}

function choosePart(form, area, { width, height }) {
  const [canvas, image, selection] = ['canvas', 'image', 'selection'].map((name) => area.querySelector(`cropper-${name}`));
  const short = Math.min(width, height);
  const [zoom, across, down] = area.querySelectorAll('input');
  let part;
  let own = false; // whether this script is changing the selection

  function show() {
    const frame = canvas.getBoundingClientRect();
    const box = image.getBoundingClientRect();
    const scale = box.width / width;
    own = true;
    selection.$change(box.x - frame.x + part.x * scale, box.y - frame.y + part.y * scale, part.size * scale, part.size * scale);
    own = false;
  }

  function choose(x, y, wanted) {
    const size = within(Math.round(wanted), short) || 1;
    part = { x: Math.round(within(x, width - size)), y: Math.round(within(y, height - size)), size };
    for (const name of ['x', 'y', 'size']) form.elements[name].value = part[name];
    zoom.value = 100 * Math.log(short / size) / Math.log(NEAREST);
    across.value = 100 * part.x / (width - size || 1);
    down.value = 100 * part.y / (height - size || 1);
    across.disabled = width === size;
    down.disabled = height === size;
    show();
  }

  selection.addEventListener('change', (event) => {
    if (own) return;
    event.preventDefault();
    const frame = canvas.getBoundingClientRect();
    const box = image.getBoundingClientRect();
    const scale = width / box.width;
    const { x, y, width: size } = event.detail;
    choose((x + frame.x - box.x) * scale, (y + frame.y - box.y) * scale, size * scale);
  });

  zoom.addEventListener('input', () => {
    const size = short / NEAREST ** (zoom.value / 100);
    const shift = (part.size - size) / 2;
    choose(part.x + shift, part.y + shift, size);
  });
  across.addEventListener('input', () => choose(across.value / 100 * (width - part.size), part.y, part.size));
  down.addEventListener('input', () => choose(part.x, down.value / 100 * (height - part.size), part.size));

  new ResizeObserver(() => {
    image.$center('contain');
    show();
  }).observe(canvas);
  choose((width - short) / 2, (height - short) / 2, short);
}
