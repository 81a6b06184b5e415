// Announces new notices by a sound, or by a desktop notice, to those who asked for that on this device
// and have no tab of the site in front.

const MOMENT = 300; // ms, in which a tab in front says that it has shown the notice
const NOTES = [660, 880]; // Hz
const LENGTH = 0.15; // s
let audio;

// Tabs take turns, so that one of them announces a notice and the others see that it did.
const inTurn = (announce) => (navigator.locks ? navigator.locks.request('announce', announce) : announce());

export function playSound() {
  audio ??= new AudioContext();
  audio.resume();
  NOTES.forEach((frequency, i) => {
    const start = audio.currentTime + i * LENGTH;
    const tone = new OscillatorNode(audio, { frequency });
    const loudness = new GainNode(audio, { gain: 0.15 });
    loudness.gain.setValueAtTime(0.15, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 2 * LENGTH);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 2 * LENGTH);
  });
}

function showDesktopNotice(toast) {
  const link = toast.querySelector('a');
  const text = (selector) => toast.querySelector(selector)?.textContent.trim();
  const notice = new Notification(text('.toast-title'), { body: text('.toast-excerpt') ?? '', icon: toast.querySelector('img')?.src, tag: toast.dataset.notification });
  notice.addEventListener('click', () => {
    window.focus();
    notice.close();
    document.dispatchEvent(new CustomEvent('plaza:opened', { detail: link }));
    location.assign(link.href);
  });
}

function announce(toast, at) {
  if (at <= (kept.read('announced') ?? 0)) return;
  kept.write('announced', at, true);
  const isWanted = (means) => kept.read(means)?.split(' ').includes(toast.dataset.kind);
  if (isWanted('sound')) playSound();
  if (isWanted('desktop') && window.Notification?.permission === 'granted') showDesktopNotice(toast);
}

document.addEventListener('plaza:inbox', ({ detail: toast }) => {
  if (!toast) return;
  const at = Number(document.getElementById('inbox').dataset.at);
  if (document.hasFocus()) kept.write('announced', at, true);
  else setTimeout(inTurn, MOMENT, () => announce(toast, at));
});
