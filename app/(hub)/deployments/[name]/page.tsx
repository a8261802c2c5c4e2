import type { Metadata } from 'next';
import { DeploymentPage } from '#components/deployments/deployment-page.tsx';

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function Page({ params }: Props) {
  return <DeploymentPage name={(await params).name} />;
}
