/** A note says what of a compose file could not be taken over, and what to do about it. */

export interface ComposeNote {
  /** Absent: it concerns the whole file. */
  service?: string;
  message: string;
}

/** Fields of a service that have no counterpart, with what it means. */
export const NOT_TAKEN: Readonly<Record<string, string>> = {
  build: 'is built from source there. Build the image, push it to a registry, and write its name under image.',
  env_file: 'reads variables from a file. Write them under env.',
  networks: 'joins named networks. Here every service publishes its ports on the device.',
  network_mode: 'chooses a network mode. Here every service publishes its ports on the device.',
  entrypoint: "replaces the image's entrypoint. The image's own is kept; check the command.",
  configs: 'mounts configs. Put the file on the devices and mount it as a volume.',
  extends: 'extends another service. Write its fields here.',
  privileged: 'asks for all rights of the device. Name the device files it needs under devices.',
  cap_add: 'asks for extra rights of the kernel. They are not given.',
  cap_drop: 'gives up rights of the kernel. It keeps the usual ones.',
  security_opt: 'sets security options. The defaults are used.',
  working_dir: "sets the working folder. The image's own is used.",
  extra_hosts: 'adds host names. Use addresses, or your own name server.',
  dns: 'sets name servers. The ones of the device are used.',
  links: 'links to other services. Use the published ports.',
  volumes_from: 'takes the volumes of another service. Write them here.',
  ipc: 'shares memory with others. It does not here.',
  pid: 'shares processes with the device. It does not here.',
  shm_size: 'sets the size of shared memory. The default is used.',
  ulimits: 'sets limits of the kernel. The defaults are used.',
  sysctls: 'sets kernel parameters. The defaults are used.',
  gpus: 'asks for graphics processors. Name the device files under devices.',
  runtime: "chooses a container runtime. The device's own is used.",
  stop_signal: 'sets the signal to stop it. SIGTERM is sent.',
  group_add: 'adds groups. They are not added.',
  tty: 'asks for a terminal. It does not get one.',
  scale: 'runs several copies. One runs on each device.',
  platform: "chooses a platform. The device's own is used.",
  post_start: 'runs a command after its start. It is not run.',
  pre_stop: 'runs a command before its stop. It is not run.',
  develop: '',
  container_name: '',
  expose: '',
  init: '',
  stdin_open: '',
  pull_policy: '',
  logging: 'sets up logging. The logs stay on the device.',
  profiles: '',
  attach: '',
  annotations: '',
};
