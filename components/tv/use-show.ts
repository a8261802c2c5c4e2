'use client';
/** The show of a TV: time goes through its steps, a remote control goes back, ahead, holds it, or asks for words. */
import { useEffect, useRef, useState } from 'react';
import { keptStep, otherWall, type Step } from './playlist.ts';

export interface Show {
  step: Step | undefined;
  /** Of the time this step is shown, from 0 to 1. */
  progress: number;
  held: boolean;
  /** The names of the shapes are shown for a moment. */
  words: boolean;
}

const TICK_MS = 1_000;
const WORDS_MS = 2_000;
const LEAVE_WITHIN_MS = 2_000;
const LEAVE_PRESSES = 3;
const BACK = new Set(['Backspace', 'BrowserBack', 'GoBack', 'XF86Back']);

export function useShow(steps: readonly Step[], seconds: number, mayLeave: boolean): Show {
  const [step, setStep] = useState<Step>();
  const [passed, setPassed] = useState(0);
  const [held, setHeld] = useState(false);
  const [words, setWords] = useState(false);
  const at = keptStep(steps, step);
  const latest = useRef({ steps, at, mayLeave });
  latest.current = { steps, at, mayLeave };

  const turning = steps.length > 1 && !held;
  useEffect(() => {
    if (!turning) return undefined;
    const timer = setInterval(() => setPassed((before) => before + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [turning]);
  useEffect(() => {
    if (passed < seconds) return;
    const { steps: all, at: now } = latest.current;
    setStep(all[(now + 1) % all.length]);
    setPassed(0);
  }, [passed, seconds]);

  useEffect(() => {
    let backs: number[] = [];
    let hide: ReturnType<typeof setTimeout> | undefined;
    function press(event: KeyboardEvent) {
      const now = latest.current;
      const turn = (by: 1 | -1) => {
        setStep(now.steps[otherWall(now.steps, now.at, by)]);
        setPassed(0);
      };
      if (event.key === 'ArrowLeft') turn(-1);
      else if (event.key === 'ArrowRight') turn(1);
      else if (event.key === 'Enter' || event.key === ' ') setHeld((before) => !before);
      else if (event.key === 'ArrowUp') {
        setWords(true);
        clearTimeout(hide);
        hide = setTimeout(() => setWords(false), WORDS_MS);
      } else if (BACK.has(event.key)) {
        backs = [...backs, performance.now()].filter((pressed) => performance.now() - pressed < LEAVE_WITHIN_MS);
        if (backs.length >= LEAVE_PRESSES && now.mayLeave) window.location.assign('/');
      } else if (event.key === 'Escape' && now.mayLeave) window.location.assign('/');
      else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', press);
    return () => {
      clearTimeout(hide);
      window.removeEventListener('keydown', press);
    };
  }, []);

  return { step: steps[at], progress: steps.length > 1 ? Math.min(1, passed / seconds) : 0, held, words };
}
