/** The manifest of the demo: the hello image on the local devices, on one port. Pure. */
import { API_VERSION } from '#contracts/deployment.ts';

export interface DemoWish {
  name: string;
  devices: readonly string[];
  version: '1' | '2';
  port: number;
}

export const demoManifest = ({ name, devices, version, port }: DemoWish): string => `apiVersion: ${API_VERSION}
kind: Deployment
metadata:
  name: ${name}
spec:
  targetDevices: [${devices.join(', ')}]
  score:
    type: PodmanV0
    data:
      services:
        - name: hello
          image: localhost/scorewall/hello:${version}
          ports: ["${port}:80"]
`;
