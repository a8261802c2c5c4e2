/**
 * A script for the head of every page, as text: a page whose own files were lost on the way draws itself but never reacts. It is
 * loaded again, at most three times in a row. (Networks change under a browser whenever containers come and go on its machine.)
 */
export const RELOAD_WHEN_LOST = `(() => {
  const key = 'scorewall-reloads';
  const times = Number(sessionStorage.getItem(key) ?? 0);
  addEventListener('error', (event) => {
    if (!(event.target instanceof HTMLScriptElement) || document.readyState === 'complete' || times >= 3) return;
    sessionStorage.setItem(key, String(times + 1));
    setTimeout(() => location.reload(), 500);
  }, true);
  addEventListener('load', () => setTimeout(() => sessionStorage.removeItem(key), 5000));
})();`;
