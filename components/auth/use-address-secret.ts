/** The secret behind the `#` of a one-time link. It leaves the address bar and the history at once. */
import { useEffect, useRef, useState } from 'react';

/** undefined until the browser has looked, empty without a secret. */
export function useAddressSecret(): string | undefined {
  const [secret, setSecret] = useState<string>();
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    setSecret(decode(window.location.hash.slice(1)));
    window.history.replaceState(null, '', window.location.pathname);
  }, []);
  return secret;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
