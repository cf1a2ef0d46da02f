"""Sync daemons: two directors that have their connections in common, and one kernel that others use as well."""
import pytest

from machines import faults, views

VIP, OTHER, SERVER = "192.168.252.100", "192.168.252.150", "192.168.252.132"
SIX = "2001:db8:252::132"
# A request of which the second half is sent when the file /run/go is there.
HALVES = f"""rm -f /run/go; exec 3<>/dev/tcp/{VIP}/80; printf 'GET / HTTP/1.0\\r\\n' >&3; echo opened
until [ -e /run/go ]; do sleep 0.1; done; printf '\\r\\n' >&3; timeout 20 cat <&3; echo closed"""


def sync(node) -> dict[str, dict]:
    """What lvsctl says of each daemon, by its state."""
    return {row["state"]: row for row in node.run("lvsctl sync list --json").json["sync"]}


def kernel(node) -> list[str]:
    """What ipvsadm says of each, sorted."""
    return sorted(line for line in node.run("ipvsadm -l --daemon").lines if line)


def configure(node, up: bool) -> None:
    node.run(f"lvsctl address add {VIP}/24 --interface ens33 {'' if up else '--no-up'} && "
             f"lvsctl service add web tcp/{VIP}:80 --scheduler rr && lvsctl destination add web {SERVER}")


def test_a_connection_survives_the_move_of_the_address(director, rs1, rs2, client):
    first, second = director, rs2
    rs1.run(f"lvsctl role add {VIP}")
    configure(first, up=True)
    configure(second, up=False)
    first.run("lvsctl sync start master --interface ens33 --id 7")
    second.run("lvsctl sync start backup --interface ens33 --id 7")
    request = client.start(HALVES.replace("'", "'\\''").join(("exec bash -c '", "'")))
    request.wait_for("opened")
    held = lambda node: [row for row in views.lvsctl_connections(node)  # noqa: E731
                         if row[1] == "ESTABLISHED" and row[4] == f"{SERVER}:80"]
    first.eventually(lambda: held(first), 10, "the connection")
    second.eventually(lambda: set(held(first)) <= set(held(second)), 10, "the same connection on the other director")
    first.run(f"lvsctl address down {VIP} --force")
    second.run(f"lvsctl address up {VIP}")
    client.eventually(f"ip neigh show {VIP} | grep -q {second.mac}", 10, "the client to know where it is now")
    client.run("touch /run/go")
    request.wait_for("closed")
    assert "node2" in request.output(), request.output()
    assert client.run(f"curl -s --max-time 10 http://{VIP}/").stdout == "node2\n"


@pytest.mark.long
@pytest.mark.kills_daemon
def test_no_restart_and_no_crash_writes_anything(director):
    director.run("lvsctl sync start master --interface ens33 && "
                 "lvsctl sync start backup --interface ens33 --id 9 --group ff02::81 --port 9000 --ttl 3 --max-length 2000")
    before = kernel(director)
    assert len(before) == 2, before
    netlink = faults.Netlink(director)
    faults.restart(director)
    faults.kill(director)
    director.eventually(lambda: {row["standing"] for row in sync(director).values()} == {"applied"}, 10, "no difference")
    assert netlink.writes() == [] and kernel(director) == before


@pytest.mark.long
def test_it_is_back_after_a_power_cut_as_soon_as_its_interface_is(director, network):
    director.run("ip address add 10.9.0.1/24 dev inside && ip link set inside up && "
                 "lvsctl sync start backup --interface ens33 --id 3 && lvsctl sync start master --interface inside --id 4")
    before = kernel(director)
    director.power_cut()
    network.boot(director)
    assert len(kernel(director)) == 1 and sync(director)["backup"]["standing"] == "applied"
    assert sync(director)["master"]["standing"] == "waiting" and "inside" in sync(director)["master"]["reason"]
    assert "waiting" in faults.problems(director)
    director.run("ip address add 10.9.0.1/24 dev inside && ip link set inside up")
    director.eventually(lambda: kernel(director) == before, 10, "both")
    director.eventually(lambda: "waiting" not in faults.problems(director), 10)
    director.run("lvsctl sync stop master && ip link set inside down && ip address flush dev inside")


@pytest.mark.long
def test_what_is_missing_comes_back_and_what_was_changed_is_told(director):
    director.run("lvsctl sync start master --interface ens33 --id 3")
    before = kernel(director)
    director.run("ipvsadm --stop-daemon master")
    director.eventually(lambda: kernel(director) == before, 15, "it again")
    director.run("while ! { ipvsadm --stop-daemon master && ipvsadm --start-daemon master --mcast-interface ens33 --syncid 8; "
                 "}; do :; done")
    director.eventually(lambda: sync(director)["master"]["standing"] == "changed" and "changed" in faults.problems(director),
                        15, "the word for it")
    assert sync(director)["master"]["id"] == 8
    director.run("lvsctl apply -", stdin="[lvsd]\nformat=1\n[sync master]\ninterface=ens33\nid=5\n")
    assert sync(director)["master"]["standing"] == "applied" and "syncid=5" in kernel(director)[0]


def test_one_that_has_just_been_started_is_stopped_again(director):
    """The kernel says nothing to that."""
    refused = director.try_run("lvsctl apply -", stdin="[lvsd]\nformat=1\n[sync master]\ninterface=ens33\n"
                                                       "[sync backup]\ninterface=ens33\nport=1\n")
    assert refused.status == faults.KERNEL and "undo incomplete" not in refused.stderr, refused
    assert kernel(director) == [] and director.run("lvsctl status").stdout.strip() == "clean"


@pytest.fixture
def foreign(director):
    director.run("ipvsadm --start-daemon backup --mcast-interface ens33 --syncid 5")
    yield director
    director.run("ipvsadm --stop-daemon backup")


@pytest.mark.long
def test_a_foreign_one_is_shown_and_never_touched(foreign):
    before = kernel(foreign)
    assert sync(foreign)["backup"]["owner"] == "foreign" and sync(foreign)["backup"]["id"] == 5
    assert foreign.run("lvsctl list --json").json["sync"] == [sync(foreign)["backup"]]
    faults.refused(foreign, "lvsctl sync start backup --interface ens33", faults.CONFLICT, "sync backup", "adopt")
    faults.refused(foreign, "lvsctl sync stop backup", faults.NOT_FOUND, "sync backup")
    foreign.run("lvsctl sync start master --interface ens33 && lvsctl clear --force")
    assert kernel(foreign) == before and list(sync(foreign)) == ["backup"]


def test_what_cannot_be_is_refused_with_the_reason(director):
    for options, status, word in (
            ("--interface eth9", faults.NOT_FOUND, "eth9"), ("--interface inside", faults.CONFLICT, "inside"),
            ("--interface ens33 --group 192.0.2.1", faults.USAGE, "group"),
            ("--interface ens33 --id 256", faults.USAGE, "id"), ("--interface ens33 --ttl 0", faults.USAGE, "ttl"),
            ("--interface ens33 --max-length 65535", faults.USAGE, "max-length")):
        faults.refused(director, f"lvsctl sync start master {options}", status, word)
    faults.refused(director, "lvsctl sync start both --interface ens33", faults.USAGE, "both")
    assert sync(director) == {} and kernel(director) == []
    director.run("lvsctl sync start master --interface ens33")
    faults.refused(director, "lvsctl sync start master --interface ens33", faults.EXISTS, "sync master")
    director.run("sysctl -q -w net.ipv4.vs.backup_only=1")
    faults.refused(director, "lvsctl sync start backup --interface ens33", faults.CONFLICT, "backup_only")
    director.run("sysctl -q -w net.ipv4.vs.backup_only=0 && lvsctl sync start backup --interface ens33")
    faults.refused(director, "lvsctl sysctl set net.ipv4.vs.backup_only 1", faults.CONFLICT, "backup_only")


def test_sync_and_destinations_of_another_family_exclude_each_other(director):
    director.run(f"lvsctl service add web tcp/{VIP}:80 && lvsctl destination add web {SIX} --method tunnel")
    faults.refused(director, "lvsctl sync start master --interface ens33", faults.CONFLICT, SIX, "family", "sync")
    director.run(f"lvsctl destination delete web {SIX} --force && lvsctl sync start master --interface ens33")
    faults.refused(director, f"lvsctl destination add web {SIX} --method tunnel", faults.CONFLICT, SIX, "family", "sync")
    director.run(f"lvsctl sync stop master && ipvsadm -A -t {OTHER}:81 && ipvsadm -a -t {OTHER}:81 -r [{SIX}]:81 -i")
    faults.refused(director, "lvsctl sync start master --interface ens33", faults.CONFLICT, "family")
    assert sync(director) == {} and kernel(director) == []


@pytest.mark.long
def test_one_that_does_not_start_leaves_everything_as_it_was(director):
    director.run("lvsctl sync start backup --interface ens33 --id 3")
    before = kernel(director)
    taken = director.start("exec python3 -c 'import signal, socket; taken = socket.socket(type=socket.SOCK_DGRAM); "
                           "taken.bind((\"\", 9000)); print(\"bound\", flush=True); signal.pause()'")
    taken.wait_for("bound")
    director.write("/run/document", f"[lvsd]\nformat=1\n[service web]\nkey=tcp/{VIP}:80\nscheduler=rr\n"
                                    "[sync backup]\ninterface=ens33\nport=9000\n")
    faults.refused(director, "lvsctl apply /run/document", faults.KERNEL, "sync backup", "port")
    assert kernel(director) == before and views.ipvsadm(director) == {}
    assert sync(director)["backup"]["standing"] == "applied" and views.lvsctl_list(director) == {}
    taken.stop()


def counted(node) -> dict[str, int]:
    """Connections by the key of their service."""
    return {row["key"]: row["connections"] for row in node.run("lvsctl statistics --json").json["services"]}


def test_zero_is_for_what_is_ours(director, client):
    configure(director, up=True)
    director.run(f"lvsctl service add more tcp/{VIP}:81 && lvsctl destination add more {SERVER}")
    director.run(f"ipvsadm -A -t {VIP}:8080 && ipvsadm -a -t {VIP}:8080 -r {SERVER} -g")
    ours, more, theirs = (f"tcp/{VIP}:{port}" for port in (80, 81, 8080))
    for port in (80, 81, 8080):
        client.try_run(f"curl -s --max-time 1 http://{VIP}:{port}/")
    # The kernel adds counters up every two seconds.
    director.eventually(lambda: min(counted(director).values()) > 0, 10, "all of them to count")
    shown = director.run("lvsctl statistics web").lines
    assert "BYTES-IN" in shown[0] and len(shown) == 3 and f"-> {SERVER}:80" in shown[2]
    assert "IN/S" in director.run("lvsctl statistics --rate").lines[0]
    director.run("lvsctl zero more")
    assert counted(director)[more] == 0 and counted(director)[ours] > 0
    before = counted(director)[theirs]
    assert "2 services" in director.run("lvsctl zero").stdout
    assert counted(director) == {ours: 0, more: 0, theirs: before}
    faults.refused(director, f"lvsctl zero {theirs}", faults.NOT_FOUND, theirs)


def test_the_schedulers_of_this_kernel_are_a_property(director):
    shown = director.run("busctl get-property org.lvsd1 /org/lvsd1 org.lvsd1.Manager Schedulers").stdout
    found = director.run("for name in rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf twos; do "
                         "ipvsadm -A -f 77 -s $name && ipvsadm -D -f 77 && echo $name; done; true").stdout.split()
    assert shown.replace('"', "").split()[2:] == found and "wlc" in found, shown
