"""Files of keepalived and ldirectord become what the kernel would hold under them; with a mistake in it, nothing does."""
import json

import pytest

KEEPALIVED = """\
! Configuration File for keepalived
global_defs {
   router_id lb1
}
$NET=198.51.100
vrrp_instance VI_1 {
    interface ens33
    virtual_ipaddress {
        192.0.2.100/24
    }
}
virtual_server_group sites {
    192.0.2.101-102 443
    fwmark 7
}
virtual_server 192.0.2.100 80 {
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    persistence_timeout 50
    persistence_granularity 255.255.255.0
    protocol TCP
    sorry_server 127.0.0.1 80
    include servers.part
}
virtual_server group sites {
    lvs_sched mh
    mh-port
    lvs_method NAT
    protocol TCP
    real_server ${NET}.21 8443 {
        weight 2
    }
    real_server ${NET}.22 443 {
        lvs_method TUN type gue port 6080 csum
    }
}
virtual_server 2001:db8::100 53 {
    protocol UDP
    ops
    lvs_sched rr
    lvs_method DR
    real_server 2001:db8::11 53 { }
}
"""
SERVERS = """\
~SEQ(N, 11, 12) real_server 192.0.2.${N} 80 { weight ${N} }
real_server 192.0.2.13 80 {
    weight 0
    TCP_CHECK {
        connect_timeout 3
    }
}
"""
OF_KEEPALIVED = """\
-A -t 192.0.2.100:80 -s wrr -p 50 -M 255.255.255.0
-a -t 192.0.2.100:80 -r 192.0.2.11:80 -g -w 11
-a -t 192.0.2.100:80 -r 192.0.2.12:80 -g -w 12
-a -t 192.0.2.100:80 -r 192.0.2.13:80 -g -w 0
-A -t 192.0.2.101:443 -s mh -b mh-port
-a -t 192.0.2.101:443 -r 198.51.100.21:8443 -m -w 2
-a -t 192.0.2.101:443 -r 198.51.100.22:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-A -t 192.0.2.102:443 -s mh -b mh-port
-a -t 192.0.2.102:443 -r 198.51.100.21:8443 -m -w 2
-a -t 192.0.2.102:443 -r 198.51.100.22:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-A -f 7 -s mh -b mh-port
-a -f 7 -r 198.51.100.21:8443 -m -w 2
-a -f 7 -r 198.51.100.22:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-A -u [2001:db8::100]:53 -s rr -o
-a -u [2001:db8::100]:53 -r [2001:db8::11]:53 -g -w 1
"""
LDIRECTORD = """\
checktimeout=3
quiescent=no

virtual=192.0.2.100:http
\treal=192.0.2.11->192.0.2.12:http gate 5
\treal=192.0.2.13:8080 masq
\tfallback=127.0.0.1:80 gate
\tservice=http
\tscheduler=lc
\tpersistent=600
\tprotocol=tcp
\tchecktype=negotiate
virtual=7
\treal=192.0.2.11 ipip 0
"""
OF_LDIRECTORD = """\
-A -t 192.0.2.100:80 -s lc -p 600
-a -t 192.0.2.100:80 -r 192.0.2.11:80 -g -w 5
-a -t 192.0.2.100:80 -r 192.0.2.12:80 -g -w 5
-a -t 192.0.2.100:80 -r 192.0.2.13:8080 -m -w 1
-A -f 7 -s wrr
-a -f 7 -r 192.0.2.11:0 -i -w 0 --tun-type ipip
"""


def rules(node) -> list[str]:
    return sorted(line.strip() for line in node.run("ipvsadm -Sn").lines)


def groups(text: str) -> list[str]:
    """Those of the native text, in whatever order."""
    return sorted(text.strip().split("\n\n"))


def lines(text: str) -> list[str]:
    return sorted(text.splitlines())


@pytest.fixture
def files(node):
    node.run("mkdir -p /tmp/import")
    node.write("/tmp/import/keepalived.conf", KEEPALIVED)
    node.write("/tmp/import/servers.part", SERVERS)
    node.write("/tmp/import/ldirectord.cf", LDIRECTORD)
    yield "/tmp/import"
    node.run("rm -r /tmp/import")


def test_keepalived(node, files):
    done = node.run(f"lvsctl import {files}/keepalived.conf")
    assert rules(node) == lines(OF_KEEPALIVED)
    for left_out in ("keepalived.conf:6:1: vrrp_instance: ", "keepalived.conf:9:9: 192.0.2.100/24: ",
                     "keepalived.conf:17:5: delay_loop: ", "keepalived.conf:23:5: sorry_server: ",
                     "servers.part:4:5: TCP_CHECK: "):
        assert left_out in done.output, f"no word about {left_out}"
    assert node.run("lvsctl history --json").json["generations"][-1]["cause"] == "import"
    again = node.run(f"lvsctl import {files}/keepalived.conf")
    assert "0 added, 0 changed" in again.output


def test_ldirectord(node, files):
    done = node.run(f"lvsctl import {files}/ldirectord.cf")
    assert rules(node) == lines(OF_LDIRECTORD)
    assert "ldirectord.cf:7:2: fallback: " in done.output and "ldirectord.cf:12:2: checktype: " in done.output


def test_a_mistake_imports_nothing(node, files):
    node.run("lvsctl service add web tcp/192.0.2.9:80 && lvsctl destination add web 192.0.2.11")
    before = rules(node), node.run("lvsctl export").stdout
    node.write(f"{files}/servers.part", SERVERS + "real_server 192.0.2.14 80 {\n    weight heavy\n}\n")
    node.write(f"{files}/ldirectord.cf", LDIRECTORD + "\treal=192.0.2.12 nat\n")
    node.write(f"{files}/cut.conf", KEEPALIVED[:-3])
    node.run(f"cp /bin/bash {files}/binary && truncate -s 100M {files}/huge")
    for name, place in (("keepalived.conf", "servers.part:9:5: weight: 'heavy'"),
                        ("ldirectord.cf", "ldirectord.cf:15:2: real: 'nat'"),
                        ("cut.conf", "cut.conf:38:1: the block of 'virtual_server' is never closed"),
                        ("binary", "binary:1:1: "), ("huge", "huge:1:1: ")):
        refused = node.try_run(f"lvsctl import {files}/{name}")
        assert refused.status == 2 and place in refused.output, refused.output
    refused = node.try_run(f"lvsctl import --format=keepalived {files}/binary")
    assert refused.status == 2 and "binary:" in refused.output and "is no text" in refused.output
    assert (rules(node), node.run("lvsctl export").stdout) == before


def test_anybody_may_convert(node, files):
    converted = node.run(f"setpriv --reuid=65534 --clear-groups lvsctl import --convert {files}/keepalived.conf").stdout
    assert rules(node) == [] and "[service tcp-192.0.2.100-80]" in converted
    node.run("lvsctl apply -", stdin=converted)
    assert rules(node) == lines(OF_KEEPALIVED)
    assert groups(node.run("lvsctl export").stdout) == groups(converted)


def test_json_holds_all_of_it(node, files):
    node.run(f"lvsctl import -q {files}/keepalived.conf 2>/dev/null && lvsctl role add 192.0.2.50")
    native = node.run("lvsctl export").stdout
    text = node.run("lvsctl export --format=json").stdout
    assert len(json.loads(text)["services"]) == 5
    node.run("lvsctl clear --force")
    node.run("lvsctl apply -", stdin=text)
    assert node.run("lvsctl export").stdout == native and rules(node) == lines(OF_KEEPALIVED)
