'use client';
/** The title of the browser's tab while `title` is given; whatever the page sets meanwhile comes back afterwards. */
import { useEffect } from 'react';

export function useTabTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined) return;
    let before = document.title;
    const put = () => {
      if (document.title === title) return;
      before = document.title;
      document.title = title;
    };
    put();
    const observer = new MutationObserver(put);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      document.title = before;
    };
  }, [title]);
}
