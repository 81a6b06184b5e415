// Has one choose a part of a picture before it is uploaded: with the pointer, or with sliders. What
// is chosen goes with the form, in pixels of the upright picture.

const form = document.getElementById('picture-form');
const input = form.elements.picture;
const error = form.querySelector('#form-error');
const MOST = 10 * 1024 * 1024; // bytes
const NEAREST = 8; // how many times larger than the whole
let area;

const say = (sentence) => { error.textContent = sentence; };
const within = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));

// crop lets one choose a part of a picture that is shown in an area.
function crop(picture, canvas, image, selection) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const short = Math.min(width, height);
  const [zoom, across, down] = area.querySelectorAll('input');
  let part;
  let own = false; // whether a change of the selection is of our making

  function show() {
    const frame = canvas.getBoundingClientRect();
    const box = image.getBoundingClientRect();
    const scale = box.width / width;
    own = true;
    selection.$change(box.x - frame.x + part.x * scale, box.y - frame.y + part.y * scale, part.size * scale, part.size * scale);
    own = false;
  }

  function choose(x, y, wanted) {
    const size = within(Math.floor(wanted), short) || 1;
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

async function open(file) {
  area?.remove();
  for (const name of ['x', 'y', 'size']) form.elements[name].value = '';
  say('');
  if (file.size > MOST) return say('This file has more than 10 MB. Please choose a smaller one.');
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
  } catch {
    return say('This is no picture that we can read. Please choose a PNG, JPEG, GIF or WebP.');
  }
  area = document.getElementById('cropping').content.firstElementChild.cloneNode(true);
  form.querySelector('.upload').before(area);
  const image = area.querySelector('cropper-image');
  image.src = picture.src;
  await image.$ready();
  crop(picture, area.querySelector('cropper-canvas'), image, area.querySelector('cropper-selection'));
}

function bring(event, { files }) {
  if (!files.length) return;
  event.preventDefault();
  input.files = files;
  open(files[0]);
}

form.querySelector('.drop-note').hidden = false;
input.addEventListener('change', () => input.files.length && open(input.files[0]));
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => bring(event, event.dataTransfer));
document.addEventListener('paste', (event) => bring(event, event.clipboardData));
