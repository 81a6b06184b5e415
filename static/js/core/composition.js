// Keeps the keys of an input method from all scripts: the Enter that chooses a word does not send the message.

// Safari ends the composition before it tells of the key that ended it, and says only by 229 whose the key was.
const OF_INPUT_METHOD = 229;

window.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === OF_INPUT_METHOD) event.stopImmediatePropagation();
}, true);
