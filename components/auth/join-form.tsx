'use client';
import { authApi } from '../live/auth-api.ts';
import { peopleApi } from '../live/people-api.ts';
import { LinkForm } from './link-form.tsx';

/** An invitation. */
export function JoinForm() {
  return (
    <LinkForm
      kind="invite"
      title="Welcome"
      note="You are invited to this wall."
      incomplete="Nothing has changed. Copy the whole line you were sent, or ask for a new invitation."
      finish={(token, way) =>
        'passkey' in way ? authApi.joinWithPasskey(token, way.passkey) : peopleApi.join(token, way.password)
      }
    />
  );
}
