// Takes a picture that the viewer chooses, drops or pastes, and offers to crop it. The script that crops loads with
// the first picture. Without it the site takes the middle.

import './upload.js';

const form = document.getElementById('picture-form');
const input = form.elements.picture;
const error = form.querySelector('#form-error');
const MOST = 10 * 1024 * 1024; // bytes

const say = (sentence) => { error.textContent = sentence; };

function reset() {
  form.querySelector('.crop')?.remove();
  for (const name of ['x', 'y', 'size']) form.elements[name].value = '';
  say('');
}

async function open(file) {
  reset();
  if (file.size > MOST) return say('This file is larger than 10 MB. Please choose a smaller one.');
  const script = import('./crop.js').catch(() => {});
  // The site takes a JPEG without its end marker, of which browsers show less. Other formats ignore the marker.
  const whole = new Blob([file, Uint8Array.of(0xff, 0xd9)]);
  let width, height;
  try {
    // Unlike an <img>, this fails if a part of the file is missing, and counts pixels whatever their density.
    const pixels = await createImageBitmap(whole);
    ({ width, height } = pixels);
    pixels.close();
  } catch {
    return say('We cannot read this file as a picture. It may be damaged. Please choose another PNG, JPEG, GIF or WebP.');
  }
  const cropping = await script;
  // Another file may have been chosen meanwhile.
  if (file === input.files[0]) cropping?.crop(form, { src: URL.createObjectURL(whole), width, height });
}

function take(event, { files }) {
  if (!files.length) return;
  event.preventDefault();
  input.files = files;
  open(files[0]);
}

form.querySelector('.drop-note').hidden = false;
input.addEventListener('change', () => input.files.length && open(input.files[0]));
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => take(event, event.dataTransfer));
document.addEventListener('paste', (event) => take(event, event.clipboardData));
