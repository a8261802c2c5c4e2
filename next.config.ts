import type { NextConfig } from 'next';

const config: NextConfig = {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  images: { unoptimized: true },
  devIndicators: false,
  typescript: { ignoreBuildErrors: false },
};

export default config;
