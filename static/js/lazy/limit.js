// Counts how many characters the message may still have. Screen readers say it when the writer pauses.

const NEAR = 400; // characters left, at which it begins to count
const PAUSE = 1000; // ms

const field = document.getElementById('message');
const counter = document.getElementById('left');
const announcer = document.getElementById('announcer');
let timer;

function count() {
  const left = field.dataset.limit - [...field.value].length; // code points
  const words = left < 0 ? `${(-left).toLocaleString('en')} too many. Shorten the message, or send it in parts.` : `${left} left`;
  counter.textContent = left > NEAR ? '' : words;
  counter.classList.toggle('over', left < 0);
  clearTimeout(timer);
  if (counter.textContent) timer = setTimeout(() => { announcer.textContent = words; }, PAUSE);
}

field.addEventListener('input', count);
field.addEventListener('plaza:written', count);
count();
