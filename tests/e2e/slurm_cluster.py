"""A Slurm of a test's own: a controller and two nodes on loopback, all in one folder, without
cgroups. Its daemons run in the foreground and are stopped by their process ids."""

import os
import pathlib
import pwd
import re
import shutil
import subprocess

from harness import PATIENCE, find_free_port, wait_until

PACKAGES = ["slurmctld", "slurmd", "munge"]

PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scontrol", "sinfo")
NODES = ("n1", "n2")
JOBS_PER_NODE = 4

CONFIGURATION = """\
ClusterName=rowpost
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ReturnToService=2
KillWait=1
MinJobAge=300
{nodes}
PartitionName=all Nodes={names} Default=YES MaxTime=INFINITE State=UP
"""


def find_program(name):
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def is_installed():
    return all(find_program(name) for name in PROGRAMS)


class SlurmCluster:
    """Started at once; close() stops every daemon."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o755)
        self.daemons = []
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        self.write_configuration()
        self.start_munge()
        self.run_daemon("slurmctld", "-D", "-c")
        for name in NODES:
            (self.folder / name).mkdir()
            self.run_daemon("slurmd", "-D", "-N", name)
        idle = lambda: self.ask("sinfo", "-h", "-o", "%T %D").split() == ["idle", str(len(NODES))]
        wait_until(idle, "the nodes are idle")

    def write_configuration(self):
        ports = [find_free_port() for _ in range(1 + len(NODES))]
        lines = [
            f"NodeName={name} NodeHostname=localhost NodeAddr=127.0.0.1 Port={port}"
            f" CPUs={JOBS_PER_NODE} State=UNKNOWN"
            for name, port in zip(NODES, ports[1:])
        ]
        (self.folder / "state").mkdir()
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                folder=self.folder,
                user=pwd.getpwuid(os.geteuid()).pw_name,
                controller_port=ports[0],
                nodes="\n".join(lines),
                names=",".join(NODES),
            )
        )

    def start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.run_daemon(
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={self.folder / 'munge.socket'}",
            f"--pid-file={self.folder / 'munged.pid'}",
            f"--seed-file={self.folder / 'munged.seed'}",
            f"--log-file={self.folder / 'munged.log'}",
        )
        wait_until((self.folder / "munge.socket").exists, "munged listens")

    def run_daemon(self, name, *options):
        with open(self.folder / f"{len(self.daemons)}-{name}.out", "wb") as out:
            self.daemons.append(
                subprocess.Popen(
                    [find_program(name), *options],
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            )

    def ask(self, name, *arguments):
        """What a client prints; nothing as long as the controller does not answer."""
        return subprocess.run(
            [find_program(name), *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE,
        ).stdout

    def jobs(self):
        """The tasks of arrays: (job, task) and the state of each that is waiting or running."""
        lines = self.ask("squeue", "-h", "-r", "-o", "%F %K %T").split("\n")
        return {tuple(line.split()[:2]): line.split()[2] for line in lines if line}

    def requeue(self, job, task):
        self.ask("scontrol", "requeue", f"{job}_{task}")

    def restarts(self, job, task):
        shown = self.ask("scontrol", "show", "job", f"{job}_{task}")
        found = re.search(r"Restarts=(\d+)", shown)
        return int(found.group(1)) if found else 0

    def close(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(30)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
