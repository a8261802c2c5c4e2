'use client';
/** True once this page's program runs in the browser; until then what the server drew cannot react. */
import { useSyncExternalStore } from 'react';

export const useHydrated = (): boolean => useSyncExternalStore(never, inBrowser, onServer);

const never = () => () => undefined;
const inBrowser = () => true;
const onServer = () => false;
