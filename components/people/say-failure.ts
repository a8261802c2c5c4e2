/** A refusal as a passing note, for changes that have no dialog to say it in. */
import { ProblemError } from '#contracts/problem.ts';
import { toast } from '../ui/toast.tsx';

export const sayFailure = (failure: unknown): void =>
  toast(
    failure instanceof ProblemError
      ? { title: failure.message, text: failure.detail }
      : { title: 'This did not work.', text: 'Nothing has changed. Reload the page and try again.' },
  );
