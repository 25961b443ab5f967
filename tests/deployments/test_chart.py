"""The Helm chart in six sets of values: Kubernetes' own schemas take what it renders, and our policies hold for all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments import dashboards

helm = pytest.importorskip("helm_python", reason="helm-python-sdk, of the extra `ops`, isn't installed")
kubernetes = pytest.importorskip(
    "kubernetes_validate", reason="kubernetes-validate, of the extra `ops`, isn't installed"
)

CHART = Path(__file__).parents[2] / "deployments/helm/pressroom"
OWN_KINDS = {"ExternalSecret", "ServiceMonitor", "PrometheusRule"}
"""Of operators: Kubernetes has no schema of them."""

SECRET = {"secrets": {"existing": "pressroom"}}
VALUES: dict[str, dict[str, Any]] = {
    "least": SECRET,
    "another's Prefect": {**SECRET, "prefect": {"enabled": False, "apiUrl": "https://prefect.example.com/api"}},
    "external secrets": {"secrets": {"external": {"enabled": True, "store": {"name": "vault"}}}},
    "everything": {
        **SECRET,
        "image": {
            "registry": "registry.example.com/team", "digests": {"desk": f"sha256:{'0' * 64}"},
            "pullSecrets": [{"name": "pull"}],
        },
        "desk": {"url": "https://desk.example.com"},
        "settings": {"PRESSROOM_STORE_URL": "s3://content", "PRESSROOM_SHARED_LIMITS": True, "PRESSROOM_IDEAS": 7},
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "desk-tls", "annotations": {"a": "b"}},
        "monitoring": {"serviceMonitor": True, "rules": True, "dashboards": True, "labels": {"release": "prometheus"}},
        "network": {"egress": {"pushgateway": {"port": 9091, "to": [{"podSelector": {}}]}}},
    },
    "workers by the queue": {
        **SECRET,
        "workers": {
            "queueMetric": True,
            "pools": {
                "default": {"pool": "pressroom", "queues": ["morning"], "min": 2, "max": 4, "jobsAWorker": 5},
                "bulk": {
                    "pool": "pressroom", "queues": ["bulk"], "min": 1, "max": 40, "jobsAWorker": 2,
                    "resources": {"requests": {"cpu": 2, "memory": "4Gi"}, "limits": {"memory": "8Gi"}},
                },
            },
        },
    },
    "no network policies": {**SECRET, "network": {"enabled": False}, "ingress": {"enabled": True}},
}  # fmt: skip
Rendered = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rendered() -> Rendered:
    """Every object of each set of values."""
    chart = helm.Chart.load(CHART)
    found = {}
    for name, values in VALUES.items():
        files = chart.render(values, name="acme", namespace="pressroom")
        found[name] = [each for text in files.values() for each in yaml.safe_load_all(text) if each]
    chart.close()
    return found


def of(objects: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(name, labels, spec) of the pods of each Deployment and Job."""
    for each in objects:
        if each["kind"] in {"Deployment", "Job"}:
            template = each["spec"]["template"]
            yield f"{each['kind']} {each['metadata']['name']}", template["metadata"]["labels"], template["spec"]


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    is_named = selector.get("matchLabels", {}).items() <= labels.items()
    return is_named and all(
        labels.get(rule["key"]) not in rule["values"] for rule in selector.get("matchExpressions", [])
    )


def test_helm_finds_nothing_to_complain_of() -> None:
    report = helm.lint(CHART, SECRET, strict=True)
    assert report["errors"] == []
    assert [each for each in report["messages"] if each["severity"] > 1] == []


def test_kubernetes_takes_every_object_and_names_are_unique(
    rendered: Rendered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes.utils, "schema_contents", cache(kubernetes.utils.schema_contents))  # 0.2 s a read
    seen = set[str]()
    for name, objects in rendered.items():
        keys = [(each["kind"], each["metadata"]["name"]) for each in objects]
        assert len(keys) == len(set(keys)) > 15, name
        for each in objects:
            whole = json.dumps(each, sort_keys=True)
            if each["kind"] not in OWN_KINDS and whole not in seen:
                seen.add(whole)
                kubernetes.validate(each, "1.37", strict=True)
            assert each["metadata"]["labels"]["app.kubernetes.io/name"] == "pressroom"
            assert len(each["metadata"]["name"]) <= 63


def test_every_pod_is_guarded(rendered: Rendered) -> None:
    for name, objects in rendered.items():
        for pod, _, spec in pods(objects):
            where = f"{name}: {pod}"
            assert spec["automountServiceAccountToken"] is False, where
            security = spec["securityContext"]
            assert (security["runAsNonRoot"], security["runAsUser"], security["seccompProfile"]["type"]) == (
                True, 10001, "RuntimeDefault",
            ), where  # fmt: skip
            places = {each["mountPath"] for container in spec["containers"] for each in container["volumeMounts"]}
            assert places == {"/tmp", "/var/lib/pressroom", "/var/cache/pressroom", "/run/secrets"}, where
            assert all("hostPath" not in volume for volume in spec["volumes"]), where
            for container in spec["containers"]:
                rights = container["securityContext"]
                assert rights["readOnlyRootFilesystem"] and not rights["allowPrivilegeEscalation"], where
                assert rights["capabilities"] == {"drop": ["ALL"]}, where
                assert {"cpu", "memory"} <= set(container["resources"]["requests"]), where
                assert "memory" in container["resources"]["limits"], where
                assert re.search(r":\d+\.\d+\.\d+$|@sha256:[0-9a-f]{64}$", container["image"]), where
                if pod.startswith("Deployment"):
                    assert {"readinessProbe", "livenessProbe"} <= set(container), where
                if "desk" in pod:  # a database that is away must not have the desk killed
                    assert "httpGet" not in container["livenessProbe"]


def test_no_secret_stands_in_a_manifest(rendered: Rendered) -> None:
    for objects in rendered.values():
        assert of(objects, "Secret") == {}
        for _, _, spec in pods(objects):
            named = {each["name"] for container in spec["containers"] for each in container.get("env", [])}
            assert [each for each in named if re.search("PASSWORD|TOKEN|SECRET|_KEY$|AUTH|DATABASE_.*URL", each)] == []
    (external,) = of(rendered["external secrets"], "ExternalSecret").values()
    assert external["spec"]["secretStoreRef"] == {"name": "vault", "kind": "ClusterSecretStore"}
    mounted = {
        v["secret"]["secretName"]
        for _, _, s in pods(rendered["external secrets"])
        for v in s["volumes"]
        if "secret" in v
    }
    assert mounted == {external["spec"]["target"]["name"]}


def test_everything_is_denied_but_what_is_named(rendered: Rendered) -> None:
    for name, objects in rendered.items():
        policies = of(objects, "NetworkPolicy")
        if name == "no network policies":
            assert policies == {}
            continue
        for policy in policies.values():
            assert set(policy["spec"]["policyTypes"]) <= {"Ingress", "Egress"}
            for rule in [*policy["spec"].get("egress", []), *policy["spec"].get("ingress", [])]:
                assert rule["ports"] and (rule.get("to") or rule.get("from")), policy["metadata"]["name"]
        deny = policies["acme-deny"]["spec"]
        assert set(deny) == {"podSelector", "policyTypes"} and len(deny["policyTypes"]) == 2
        reached = {
            pod: {
                each
                for each, policy in policies.items()
                if "egress" in each and selects(policy["spec"]["podSelector"], labels)
            }
            for pod, labels, _ in pods(objects)
        }
        assert all(selects(deny["podSelector"], labels) for _, labels, _ in pods(objects))
        assert all({"acme-egress-dns", "acme-egress-database"} <= names for names in reached.values())
        public = {pod for pod, names in reached.items() if "acme-egress-public" in names}
        assert {pod.partition("acme-")[2].partition("-")[0] for pod in public} == {"desk", "worker"}
    assert "acme-egress-pushgateway" in of(rendered["everything"], "NetworkPolicy")


def test_what_serves_survives_the_loss_of_a_node_and_follows_its_load(rendered: Rendered) -> None:
    for objects in rendered.values():
        scaled = {
            each["spec"]["scaleTargetRef"]["name"]: each["spec"]
            for each in of(objects, "HorizontalPodAutoscaler").values()
        }
        budgets = [each["spec"]["selector"]["matchLabels"] for each in of(objects, "PodDisruptionBudget").values()]
        for name, each in of(objects, "Deployment").items():
            if name == "acme-prefect-services":
                continue  # one is enough, and is started again
            labels = each["spec"]["template"]["metadata"]["labels"]
            assert [budget for budget in budgets if budget.items() <= labels.items()], name
            assert ("replicas" in each["spec"]) == (name not in scaled), name
        assert scaled["acme-desk"]["minReplicas"] >= 2
    by_queue = of(rendered["workers by the queue"], "HorizontalPodAutoscaler")
    metric = by_queue["acme-worker-bulk"]["spec"]["metrics"][0]["external"]
    assert (metric["metric"]["name"], metric["target"]["averageValue"]) == ("pressroom_queue_length", "2")


def test_migrations_run_before_an_upgrade_and_deployments_after_it(rendered: Rendered) -> None:
    for objects in rendered.values():
        jobs = of(objects, "Job")
        hooks = {name: job["metadata"]["annotations"]["helm.sh/hook"] for name, job in jobs.items()}
        assert hooks == {"acme-migrate": "pre-install,pre-upgrade", "acme-deploy": "post-install,post-upgrade"}
        needed = [
            each
            for each in objects
            if each["kind"] in {"ConfigMap", "ExternalSecret"} and "dashboard" not in str(each["metadata"])
        ]
        assert all(each["metadata"]["annotations"]["helm.sh/hook-weight"] == "-10" for each in needed)


def test_prefect_is_this_chart_s_or_another(rendered: Rendered) -> None:
    url = {name: of(objects, "ConfigMap")["acme"]["data"]["PREFECT_API_URL"] for name, objects in rendered.items()}
    assert url["least"] == "http://acme-prefect:4200/api"
    assert url["another's Prefect"] == "https://prefect.example.com/api"
    assert "acme-prefect" not in of(rendered["another's Prefect"], "Deployment")


def test_monitoring_has_the_same_rules_and_dashboards(rendered: Rendered) -> None:
    objects = rendered["everything"]
    rules = yaml.safe_load((CHART.parents[1] / "prometheus/rules.yaml").read_text())
    assert of(objects, "PrometheusRule")["acme"]["spec"] == rules
    boards = {name: each["data"] for name, each in of(objects, "ConfigMap").items() if name != "acme"}
    shown = {
        name.removeprefix("acme-pressroom-"): json.loads(text)
        for name, data in boards.items()
        for text in data.values()
    }
    assert shown == dashboards.boards()  # python -m deployments.dashboards deployments/helm/pressroom/files/dashboards
    (monitor,) = of(objects, "ServiceMonitor").values()
    services = [each["metadata"]["labels"] for each in of(objects, "Service").values()]
    assert [each for each in services if monitor["spec"]["selector"]["matchLabels"].items() <= each.items()]
    assert not {each["kind"] for each in rendered["least"]} & OWN_KINDS


def test_wrong_values_are_refused_with_their_name() -> None:
    chart = helm.Chart.load(CHART)
    for values, told in (
        ({}, "secrets.existing"),
        ({**SECRET, "dekc": {}}, "dekc"),
        ({**SECRET, "image": {"tag": "latest"}}, "tag"),
        ({**SECRET, "desk": {"autoscaling": {"min": 1}}}, "min"),
        ({**SECRET, "settings": {"OPENAI_API_KEY": "sk"}}, "OPENAI_API_KEY"),
        ({**SECRET, "prefect": {"enabled": False}}, "prefect.apiUrl"),
    ):
        with pytest.raises(helm.HelmError, match=re.escape(told)):
            chart.validate_schema(values)
            chart.render(values, name="acme")
    chart.close()
