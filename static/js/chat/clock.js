// Tells the server's time where the browser's clock is wrong, so that a new message is new there too.

const SLACK = 300_000; // ms: a page may take so long to arrive
const ahead = Date.now() - document.querySelector('[data-as-of]')?.dataset.asOf;

window.serverTime = () => Date.now() - (Math.abs(ahead) > SLACK ? ahead : 0);
