// Lets a page's content fade away over the next page. If the page is scrolled, its picture would lie over the header.

const { classList } = document.documentElement;

addEventListener('pageswap', () => classList.toggle('leaving', scrollY === 0));
addEventListener('pagereveal', () => classList.remove('leaving'));
