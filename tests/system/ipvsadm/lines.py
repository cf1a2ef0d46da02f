"""The command lines that are compared with the real ipvsadm, in scenes that each begin with an empty table.

A line that is meant to come out otherwise names the entry of DIFFERENCES in lvsctl-ipvsadm(1) that says why, and in
what it differs: status, output or state. What differs in state stands last in its scene.
"""
from typing import NamedTuple


class Line(NamedTuple):
    words: str
    stdin: str = ""
    differs: str = ""
    because: str = ""


def plain(text: str) -> list[Line]:
    return [Line(line.strip()) for line in text.strip().splitlines()]


def differing(differs: str, because: str, text: str) -> list[Line]:
    return [Line(line.strip(), "", differs, because) for line in text.strip().splitlines()]


RESTORED = """\
-A -t 203.0.113.1:80 -s rr
-a -t 203.0.113.1:80 -r 203.0.113.11:80 -g -w 1
ipvsadm -A -u 203.0.113.1:53 -s wrr -p 60 -M 255.255.255.0
ipvsadm -a -u 203.0.113.1:53 -r 203.0.113.11:53 -m -w 5

-A -f 3 -6 -s lc
-a -f 3 -6 -r [2001:db8::11]:0 -g -w 2
"""

# Every option of the manual page, long and short, where the kernel has something to do.
SERVICES = plain("""
    -A -t 203.0.113.1:80 -s rr
    -A -t 203.0.113.1:80 -s rr
    --add-service --tcp-service 203.0.113.2:80 --scheduler wrr
    --add-service --tcp-service=203.0.113.3:80 --scheduler=lc
    -At 203.0.113.4:80 -swlc
    -A -t=203.0.113.5:80 -s=lblc
    -A -t 203.0.113.6:http
    -A -t node:80 -s lblcr
    -A -u 203.0.113.1:53 -s dh
    -A --udp-service 203.0.113.1:domain -s rr
    -A -u 203.0.113.1:54 -s sed -o
    -A -u 203.0.113.1:55 --ops
    -A --sctp-service 203.0.113.1:5060 -s nq
    -A -t [2001:db8::1]:80 -s fo
    -A -u [2001:db8::1]:53 -s ovf
    -A --sctp-service [2001:db8::1]:53 -s rr
    -A -t 10.0.0.1:80 -s rr
    -A -f 1 -s rr
    -A -f 1 -6 -s wrr
    -A --fwmark-service 2147483647 --ipv6
    -A -f 2 -o
    -A -t 203.0.113.7 -p
    -A -t 203.0.113.7:80 -p 60
    -A -t 203.0.113.8:80 -p60
    -A -t 203.0.113.9:80 --persistent=2678400
    -A -t 203.0.113.10:80 -p -s rr
    -A -t 203.0.113.11:80 -p 60 -M 255.255.255.0
    -A -t 203.0.113.12:80 --persistent --netmask 255.255.255.255
    -A -t [2001:db8::2]:80 -p -M 64
    -A -M 255.0.0.0 -t [2001:db8::3]:80 -p
    -A -f 3 -6 -p -M 128
    -A -t 203.0.113.13:80 -s sh -b sh-port
    -A -t 203.0.113.14:80 -s sh --sched-flags sh-fallback,sh-port
    -A -t 203.0.113.15:80 -s mh -b mh-fallback,mh-port
    -A -t 203.0.113.16:80 -s wlc -b flag-1,flag-2,flag-3
    -A -u 203.0.113.1:5060 -p --pe sip
    -A -t 203.0.113.17:80 --sort
    -A -t 203.0.113.18:80 -s no-such-one
    -A -u 203.0.113.18:80 -p --pe no-such-one
    -L
    -L -n
    -l -n
    -Ln
    --list --numeric
    -L -n --sort
    -L -n --thresholds
    -L -n --persistent-conn
    -L -n --tun-info
    -L -n --stats
    -L -n --rate
    -L -n --stats --exact
    -L -n --rate -X
    -L -n --stats --rate --thresholds
    -L -n -t 203.0.113.11:80
    -L -n -u 203.0.113.1:5060
    -L -n --sctp-service 203.0.113.1:5060
    -L -n -f 1
    -L -n -f 1 -6
    -L -n -t [2001:db8::2]:80
    -L -n -t 203.0.113.99:80
    -L -n -f 99
    -Sn
    --save --numeric
    -S -n
    -L -n -c
    -L --connection --numeric --persistent-conn
    -E -t 203.0.113.1:80
    -E -t 203.0.113.13:80 -s sh
    --edit-service -u 203.0.113.1:5060 -s rr
    -E -t 203.0.113.11:80 -p 90
    -E -f 1 -6 -s lc -p
    -E -t 203.0.113.99:80 -s rr
    -E -t 203.0.113.1:80 -s no-such-one
    -D -t 203.0.113.2:80
    --delete-service -t 203.0.113.2:80
    -D -f 1
    -D -f 1
    -D -f 1 -6
    -D -u [2001:db8::1]:53
    -D --sctp-service [2001:db8::1]:53
""") + [Line("-L -n --nosort", because="--nosort")]

SERVERS = plain("""
    -A -t 203.0.113.1:80 -s rr
    -A -u 203.0.113.1:53 -s rr
    -A -t [2001:db8::1]:80 -s rr
    -A -f 1 -s rr
    -A -f 1 -6 -s rr
    -a -t 203.0.113.1:80 -r 203.0.113.11
    -a -t 203.0.113.1:80 -r 203.0.113.11
    --add-server -t 203.0.113.1:80 --real-server 203.0.113.12:80 --gatewaying
    -a -t 203.0.113.1:80 -r 203.0.113.13:8080 -g
    -a -t 203.0.113.1:80 -r 203.0.113.14:http --masquerading
    -a -t 203.0.113.1:80 -r 203.0.113.15:8080 -m --weight 5
    -a -t 203.0.113.1:80 -r 203.0.113.16:8080 --ipip -w 0
    -a -t 203.0.113.1:80 -r [2001:db8::16]:80 -i
    -a -t 203.0.113.1:80 -r 203.0.113.17 -i --tun-type ipip
    -a -t 203.0.113.1:80 -r 203.0.113.18 -i --tun-type gue --tun-port 6080
    -a -t 203.0.113.1:80 -r 203.0.113.19 -i --tun-type gue --tun-port 6080 --tun-nocsum
    -a -t 203.0.113.1:80 -r 203.0.113.20 -i --tun-type gue --tun-port 6080 --tun-csum
    -a -t 203.0.113.1:80 -r 203.0.113.21 -i --tun-type=gue --tun-port=6080 --tun-remcsum
    -a -t 203.0.113.1:80 -r 203.0.113.22 -i --tun-type gre
    -a -t 203.0.113.1:80 -r 203.0.113.23 -i --tun-type gre --tun-csum
    -a -t 203.0.113.1:80 -r 203.0.113.24 -i --tun-type gre --tun-nocsum
    -a -t 203.0.113.1:80 -r 10.0.0.2 -w 65536
    -a -t 203.0.113.1:80 -r 10.0.0.3 -w 2147483647
    -a -u 203.0.113.1:domain -r 203.0.113.11 -m
    -a -t [2001:db8::1]:80 -r [2001:db8::11]:80
    -a -t [2001:db8::1]:80 -r [2001:db8::12]:8080 -m
    -a -t [2001:db8::1]:80 -r 203.0.113.11 -i
    -a -f 1 -r 203.0.113.11
    -a -f 1 -r 203.0.113.12:8080 -m
    -a -f 1 -6 -r [2001:db8::11]:0 -i
    -a -f 1 -r 203.0.113.11:0
    -a -t 203.0.113.99:80 -r 203.0.113.11
    -a -t 203.0.113.1:80 -r 224.0.0.1
    -L -n
    -L -n --thresholds
    -L -n --persistent-conn
    -L -n --tun-info
    -L -n --stats
    -L -n --rate
    -L -n --rate --exact
    -L -n -t 203.0.113.1:80 --tun-info
    -L -n -f 1
    -S -n
    -e -t 203.0.113.1:80 -r 203.0.113.11 -w 3
    --edit-server -t 203.0.113.1:80 -r 203.0.113.11 -m
    -e -t 203.0.113.1:80 -r 203.0.113.15:8080
    -e -t 203.0.113.1:80 -r 203.0.113.15:8080 -m
    -e -t 203.0.113.1:80 -r 203.0.113.20 -i --tun-type gre --tun-csum
    -e -t 203.0.113.1:80 -r 203.0.113.21 -i
    -e -f 1 -r 203.0.113.12:8080 -m -w 0
    -e -t 203.0.113.1:80 -r 203.0.113.99 -w 1
    -e -t 203.0.113.99:80 -r 203.0.113.11 -w 1
    -d -t 203.0.113.1:80 -r 203.0.113.12
    --delete-server -t 203.0.113.1:80 -r 203.0.113.12
    -d -t 203.0.113.1:80 -r 203.0.113.15:8080
    -d -t 203.0.113.1:80 -r 203.0.113.13:9090
    -d -t 203.0.113.99:80 -r 203.0.113.11
    -d -t 203.0.113.1:80 -r [2001:db8::16]:80
    -d -f 1 -6 -r [2001:db8::11]:0
    -a -t 203.0.113.1:80 -r 203.0.113.40 -x 100 -y 50
    -a -t 203.0.113.1:80 -r 203.0.113.41 --u-threshold 100 --l-threshold 0
    -L -n --thresholds
    -e -t 203.0.113.1:80 -r 203.0.113.41
    -e -t 203.0.113.1:80 -r 203.0.113.11 -x 5 -y 6
    -a -t 203.0.113.1:80 -r 203.0.113.42 -y 6
    -D -t 203.0.113.1:80
    -L -n
""")

# Wrong in one way or another: nothing happens but an exit status.
MISTAKES = plain("""
    -n
    -t 203.0.113.1:80 -A
    word
    --bogus
    --lis
    -A --bogus
    -A -q
    -A -t
    -A
    -A -D
    -A -t 203.0.113.1:80 word
    -A -t 203.0.113.1:80 -t 203.0.113.2:80
    -A -t 203.0.113.1:80 -u 203.0.113.1:80
    -A -t 203.0.113.1:80 -s rr -s lc
    -A -t 80
    -A -t 203.0.113.1:
    -A -t 203.0.113.1:65536
    -A -t 203.0.113.1:no-such-service
    -A -t [2001:db8::1]
    -A -t 203.0.113.1
    -A -t 203.0.113.1:0
    -A -t 203.0.113.1:80 -o
    -A -f 0
    -A -f -1
    -A -f 4294967296
    -A -6 -f 1
    -A -t 203.0.113.1:80 -6
    -A -t 203.0.113.1:80 -p 0
    -A -t 203.0.113.1:80 -p 2678401
    -A -t [2001:db8::1]:80 -p -M 0
    -A -t [2001:db8::1]:80 -p -M 129
    -A -t 203.0.113.1:80 -b bogus
    -A -t 203.0.113.1:80 -b sh-port
    -A -t 203.0.113.1:80 -s sh -b mh-port
    -A -t 203.0.113.1:80 -r 203.0.113.2
    -A -t 203.0.113.1:80 -n
    -D -t 203.0.113.1:80 -s rr
    -a -t 203.0.113.1:80
    -a -r 203.0.113.2
    -a -t 203.0.113.1:80 -r 203.0.113.2 -s rr
    -a -t 203.0.113.1:80 -r 203.0.113.2 -g -m
    -a -t 203.0.113.1:80 -r 203.0.113.2 -w x
    -a -t 203.0.113.1:80 -r 203.0.113.2 -w -1
    -a -t 203.0.113.1:80 -r 203.0.113.2 -w 2147483648
    -a -t 203.0.113.1:80 -r 203.0.113.2 -x -1
    -a -t 203.0.113.1:80 -r 203.0.113.2 -y 2147483648
    -a -t 203.0.113.1:80 -r [2001:db8::2]:80 -m
    -a -t 203.0.113.1:80 -r 203.0.113.2 --tun-type gre
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-type foo
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-type gue
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-type gre --tun-port 1
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-type gre --tun-remcsum
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-csum
    -a -t 203.0.113.1:80 -r 203.0.113.2 -i --tun-type gre --tun-csum --tun-nocsum
    -d -t 203.0.113.1:80 -r 203.0.113.2 -m
    -C -n
    -S --exact
    -R -n
    -Z -n
    -L -w 1
    -L -c --timeout
    -L -c -t 203.0.113.1:80
    -L --timeout --daemon
    -L -c --stats
    -L --timeout --persistent-conn
    -L --numeric=yes
    --set 1 2
    --set 1 2 3 4
    --set 1 2 x
    --set 1 2 2678401
    --start-daemon
    --start-daemon both
    --stop-daemon both
    --start-daemon master --syncid 256
    --start-daemon master --sync-maxlen 0
    --start-daemon master --mcast-group 203.0.113.1
    --start-daemon master --mcast-port 0
    --start-daemon master --mcast-ttl 256
    --stop-daemon master --mcast-ttl 1
""")

RESTORE = [
    Line("-R", RESTORED),
    Line("-R", RESTORED),
    Line("-Sn"),
    Line("--restore", "-D -t 203.0.113.1:80\n-a -u 203.0.113.1:53 -r 203.0.113.12 -m\n-D -t 203.0.113.1:80\n"),
    Line("-R", "-A -t 203.0.113.2:80\n-A -t 203.0.113.3:x\n-A -t 203.0.113.4:80\n"),
    Line("-R", "-D -t 203.0.113.99:80\n-A -t 203.0.113.5:80\n"),
    Line("-R", ""),
    Line("-R", "\n  \n"),
]

SETTINGS = plain("""
    --set 1000 200 400
    -L --timeout
    --list --timeout -n
    --set 0 60 0
    -L --timeout
    --set 2678400 2678400 2678400
    -L --timeout
    --set 0 0 0
    -L --timeout
""")

SYNC = plain("""
    --start-daemon master --syncid 7
    -L --daemon
    --start-daemon master
    --start-daemon=backup --mcast-interface eth0 --syncid 8 --sync-maxlen 1400 --mcast-group 224.0.0.9 --mcast-port 9000 --mcast-ttl 3
    -L --daemon
    --list --daemon -n
    --stop-daemon master
    --stop-daemon=master
    -L --daemon
    --stop-daemon backup --syncid 8
    --stop-daemon backup
    --start-daemon backup --mcast-interface no-such-one
    --start-daemon master --mcast-group ff02::9
    -L --daemon
    --stop-daemon master
""")

COUNTERS = plain("""
    -A -t 203.0.113.1:80 -s rr
    -Z
    --zero
    -Z -t 203.0.113.1:80
    -Z -t 203.0.113.2:80
    -L -n --stats
""")

CLEAR = plain("""
    -A -t 203.0.113.1:80 -s rr
    -a -t 203.0.113.1:80 -r 203.0.113.2
    -C
    -L -n
    --clear
    -Sn
""")

# What is meant to be different. Each stands in a scene of its own.
DIFFERENCES = [
    differing("output", "-h, -v", "-h"),
    differing("output", "-h, -v", "--help"),
    differing("output", "-h, -v", "-v"),
    differing("output", "-h, -v", "--version"),
    plain("-A -t 203.0.113.1:80\n-a -t 203.0.113.1:80 -r 203.0.113.2 -x 9") + differing("output", "-S", "-Sn"),
    differing("status state", "-M", "-A -t 203.0.113.1:80 -p -M 255.0.255.0"),
    differing("status state", "-M", "-A -t 203.0.113.1:80 -p -M 0.0.0.0"),
    differing("status state", "--pe", "-A -u 203.0.113.1:5060 --pe sip"),
    differing("status state", "--pe", "-A -t 203.0.113.1:5060 -p --pe sip"),
    differing("status state", "-t, -u, --sctp-service", "-A -t 0.0.0.0:80"),
    differing("status state", "-t, -u, --sctp-service", "-A -u 224.0.0.1:80"),
    plain("-A -t 203.0.113.1:80") + differing("state", "-r", "-a -t 203.0.113.1:80 -r 198.51.100.1"),
    plain("-A -t 203.0.113.1:80") + differing("status state", "-r", "-a -r 203.0.113.2 -t 203.0.113.1:80 -m"),
    plain("-A -f 1") + differing("state", "-r", "-a -f 1 -r 203.0.113.2:8080"),
    plain("-A -f 4294967295") + differing("output", "-f", "-Sn"),
    [Line("-R", "# a comment\n-A -t 203.0.113.1:80\n", "status state", "-R")],
]

SCENES = {"services": SERVICES, "servers": SERVERS, "mistakes": MISTAKES, "restore": RESTORE, "settings": SETTINGS,
          "sync": SYNC, "counters": COUNTERS, "clear": CLEAR}

QUICK = plain("""
    -A -t 203.0.113.1:80 -s rr -p 60 -M 255.255.255.0
    -A -f 5 -6 -s sh -b sh-port
    -a -t 203.0.113.1:80 -r 203.0.113.11 -w 3
    -a -t 203.0.113.1:80 -r 203.0.113.12 -i --tun-type gue --tun-port 6080 --tun-csum
    -a -t 203.0.113.1:80 -r 203.0.113.11
    -e -t 203.0.113.1:80 -r 203.0.113.12 -m
    -L -n
    -L -n --stats
    -L -n --tun-info
    -Sn
    -E -t 203.0.113.1:80
    -d -t 203.0.113.1:80 -r 203.0.113.11
    -D -t 203.0.113.99:80
    -A -t 80
    -q
""")
