/** Manifests to begin with. Pure. */

import { API_VERSION } from '#contracts/deployment.ts';

/** With more devices than this nobody wants all of them in a first try. */
const MAX_HELLO_TARGETS = 8;

const targets = (devices: readonly string[]) => `[${devices.length <= MAX_HELLO_TARGETS ? devices.join(', ') : ''}]`;

export const helloManifest = (devices: readonly string[]): string => `apiVersion: ${API_VERSION}
kind: Deployment
metadata:
  name: hello
spec:
  targetDevices: ${targets(devices)}
  score:
    type: PodmanV0
    data:
      services:
        - name: hello
          image: localhost/scorewall/hello:1 # a small page that says hello; it comes with Scorewall
          ports: ["8080:80"] # port 8080 of the device leads to port 80 of the service
  rollout:
    strategy: Immediate
`;

export const blankManifest = (): string => `apiVersion: ${API_VERSION}
kind: Deployment
metadata:
  name: ""
spec:
  targetDevices: []
  score:
    type: PodmanV0
    data:
      services:
        - name: ""
          image: ""
  rollout:
    strategy: Immediate
`;
