// Has the list of conversations begin where one sees the open one.

document.querySelector('.conversation[aria-current]')?.scrollIntoView({ block: 'nearest' });
