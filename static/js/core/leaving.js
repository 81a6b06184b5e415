// Lets a page's content fade away over the next page. If the page is scrolled, its picture would lie over the header.

const { classList } = document.documentElement;

// A transition that is skipped, such as one to a page that does not come, is no error.
function allowSkipping({ viewTransition }) {
  for (const step of ['ready', 'finished', 'updateCallbackDone']) viewTransition?.[step].catch(() => {});
}

addEventListener('pageswap', (event) => {
  classList.toggle('leaving', scrollY === 0);
  allowSkipping(event);
});
addEventListener('pagereveal', (event) => {
  classList.remove('leaving');
  allowSkipping(event);
});
