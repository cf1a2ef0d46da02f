"""lvsctl metrics, and its unit: a user without rights, loopback alone, and a Prometheus that takes what it serves."""
import pytest

pytestmark = pytest.mark.long

FOLDER = "/run/prometheus"
CONFIGURATION = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: lvsd
    static_configs:
      - targets: ['127.0.0.1:9779']
"""


@pytest.fixture
def serving(node):
    node.run("lvsctl service add web tcp/192.0.2.100:80 --scheduler rr && "
             "lvsctl destination add web 192.0.2.11 192.0.2.12 --method direct --weight 3 && systemctl start lvsd-metrics.socket")
    yield node
    node.run("systemctl stop lvsd-metrics.socket lvsd-metrics.service")


def test_it_is_started_by_who_comes_and_has_no_rights(serving):
    assert serving.try_run("systemctl is-active lvsd-metrics.service").stdout.strip() == "inactive"
    got = serving.run("curl -sS -i http://127.0.0.1:9779/metrics").stdout
    assert "application/openmetrics-text; version=1.0.0; charset=utf-8" in got, got
    assert 'lvsd_service_connections_total{service="web"} 0' in got and got.endswith("# EOF\n"), got
    assert got.rpartition("\r\n\r\n")[2] == serving.run("lvsctl metrics").stdout
    process = serving.run("systemctl show --property=MainPID --value lvsd-metrics.service").stdout.strip()
    status = dict(line.split(":\t", 1) for line in serving.read(f"/proc/{process}/status").splitlines() if ":\t" in line)
    assert "0" not in status["Uid"].split() and int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0, status
    assert int(status["NoNewPrivs"]) == 1


def test_nobody_from_outside_gets_it(serving, neighbour):
    assert neighbour.try_run("curl -sS --max-time 5 http://192.0.2.1:9779/metrics").status == 7
    assert serving.run("curl -sS -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:9779/metrics").stdout == "405"
    assert serving.run("curl -sS -o /dev/null -w '%{http_code}' http://127.0.0.1:9779/other").stdout == "404"


@pytest.mark.kills_daemon
def test_it_says_that_lvsd_is_away_and_goes_on(serving):
    serving.run("curl -sS -f http://127.0.0.1:9779/metrics >/dev/null; systemctl mask --quiet --runtime lvsd; systemctl stop lvsd")
    try:
        away = serving.run("curl -sS -w '%{http_code}' http://127.0.0.1:9779/metrics").stdout
        assert away.endswith("503") and "lvsd is not running" in away, away
    finally:
        serving.run("systemctl unmask --quiet --runtime lvsd; systemctl start lvsd")
    serving.run("curl -sS -f http://127.0.0.1:9779/metrics")


def test_detail_leaves_destinations_out(serving):
    assert "lvsd_destination_" in serving.run("lvsctl metrics").stdout
    services = serving.run("lvsctl metrics --detail service").stdout
    assert "lvsd_destination_" not in services and 'service="web"' in services
    assert 'service="web"' not in serving.run("lvsctl metrics --detail node").stdout


def test_prometheus_scrapes_it(serving):
    serving.write(f"{FOLDER}/prometheus.yml", CONFIGURATION)
    prometheus = serving.start(f"prometheus --config.file={FOLDER}/prometheus.yml --storage.tsdb.path={FOLDER}/data "
                               "--web.listen-address=127.0.0.1:9090 --log.level=warn")
    query = "curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode query="
    try:
        serving.eventually(lambda: serving.try_run(f"{query}'up{{job=\"lvsd\"}} == 1'").stdout.count('"metric"'), 120, "a scrape")
        weight = serving.run(f"{query}'sum(lvsd_destination_effective_weight{{service=\"web\"}})'").json
        assert weight["data"]["result"][0]["value"][1] == "6", weight
        targets = serving.run("curl -sS http://127.0.0.1:9090/api/v1/targets").json["data"]["activeTargets"]
        assert [target["lastError"] for target in targets] == [""], targets
    finally:
        prometheus.stop()
        serving.run(f"rm -rf {FOLDER}")
