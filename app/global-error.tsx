'use client';
import '#components/ui/theme.css';
import { PageError } from '#components/ui/page-error.tsx';

export default function GlobalError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <PageError {...props} />
      </body>
    </html>
  );
}
