// Scrolls the list of conversations to the open one.

document.querySelector('.conversation[aria-current]')?.scrollIntoView({ block: 'nearest' });
