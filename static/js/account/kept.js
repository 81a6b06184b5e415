// Keeps text in this browser for the account whose page this is: drafts, messages that are not posted yet, choices.
// It removes what was kept for another account, and on a visitor's page everything: that session has ended. A page
// that does not know whose it is, such as an error page, removes nothing.

const { account } = document.documentElement.dataset; // "0" is a visitor
const own = `${account} `;
const WEEK = 7 * 86_400_000; // ms
const MOST = 100; // entries that end; those that end first go first
const LONGEST = 16_000; // characters of an entry
let last = 0;

// An entry is "END TEXT". END is in milliseconds, and 0 means never.
const endOf = (key) => Number(localStorage[key].split(' ', 1));
const textOf = (key) => localStorage[key]?.slice(localStorage[key].indexOf(' ') + 1);
const ending = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix) && endOf(key)).sort((a, b) => endOf(a) - endOf(b));

// Browsers may refuse to keep anything. The page works without.
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

window.kept = {
  read: (name) => attempt(() => textOf(own + name)),

  // list returns the rest of each name that begins with the prefix, and its text, in the order of writing.
  list: (prefix) => attempt(() => ending(own + prefix).map((key) => [key.slice((own + prefix).length), textOf(key)]), []),

  // write keeps a text for a week or, if it is lasting, until the session ends. It removes an empty text.
  write: (name, text, isLasting) => attempt(() => {
    if (!text) return localStorage.removeItem(own + name);
    last = Math.max(last + 1, Date.now() + WEEK);
    const isNew = !(own + name in localStorage);
    localStorage[own + name] = `${isLasting ? 0 : last} ${text}`.slice(0, LONGEST);
    if (isNew) ending(own).slice(0, -MOST).forEach((key) => localStorage.removeItem(key)); // a draft is written at each key
  }),
};

if (account) {
  attempt(() => Object.keys(localStorage)
    .filter((key) => !key.startsWith(own) || (endOf(key) && endOf(key) < Date.now()))
    .forEach((key) => localStorage.removeItem(key)));
}
