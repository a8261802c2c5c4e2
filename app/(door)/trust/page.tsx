import type { Metadata } from 'next';
import { TrustGuide } from '#components/auth/trust-guide.tsx';

export const metadata: Metadata = { title: "Trust this wall's certificate" };

export default function Page() {
  return <TrustGuide />;
}
