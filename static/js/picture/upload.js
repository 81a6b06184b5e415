// Uploads a picture and shows the progress. fetch cannot report progress.

const form = document.getElementById('picture-form');
const bar = form.querySelector('.upload');
const button = form.querySelector('[type=submit]');
const error = form.querySelector('#form-error');

function end(sentence) {
  bar.hidden = true;
  button.disabled = false;
  error.textContent = sentence;
}

function answered({ target: request }) {
  const next = request.getResponseHeader('HX-Redirect');
  if (next) return location.assign(next);
  const answer = new DOMParser().parseFromString(request.responseText, 'text/html');
  end((answer.getElementById('picture-error') ?? answer.body).textContent.trim());
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.setRequestHeader('HX-Request', 'true');
  request.upload.addEventListener('progress', ({ loaded, total }) => { bar.value = loaded / total; });
  request.addEventListener('load', answered);
  request.addEventListener('error', () => end('The picture could not be sent. Please try again.'));
  error.textContent = '';
  bar.value = 0;
  bar.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
});
