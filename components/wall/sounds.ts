'use client';
/** Sounds are off until somebody switches them on, and then one short tone for what needs a person. Muting silences words and tones. */
import { useSyncExternalStore } from 'react';
import { read, write } from './kept-here.ts';

const SOUNDS = 'scorewall.sounds';
const MUTED = 'scorewall.muted';
const CHANGED = 'scorewall:sounds';
const TONE_HZ = 660;
const TONE_S = 0.22;
const LOUDNESS = 0.12;

const setting = (key: string) => () => read(key) === true;

function set(key: string, on: boolean): void {
  write(key, on || undefined);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

const never = () => false;
export const useSounds = (): boolean => useSyncExternalStore(subscribe, setting(SOUNDS), never);
export const useMuted = (): boolean => useSyncExternalStore(subscribe, setting(MUTED), never);
export const isMuted = setting(MUTED);
export const setMuted = (muted: boolean): void => set(MUTED, muted);

export function setSounds(on: boolean): void {
  set(SOUNDS, on);
  // Heard at once: it shows what it will sound like, and a browser lets a page sound only after a press.
  if (on) playTone();
}

let context: AudioContext | undefined;

export function playTone(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const from = context.currentTime;
    tone.frequency.value = TONE_HZ;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + TONE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  } catch {
    // A browser without sound stays silent; the wall says everything in words and shapes too.
  }
}
