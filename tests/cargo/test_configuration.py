import pytest

from remediate.cargo.check import ALL_FEATURES, chosen, configurations, of_packages
from remediate.cargo.metadata import Dependency, Package


@pytest.mark.parametrize(
    ("features", "names"),
    [
        ({}, ["default"]),
        ({"default": []}, ["default"]),
        ({"default": ["std"], "std": []}, ["default", "no-default-features"]),
        ({"std": []}, ["default", "all-features"]),
        ({"default": ["a"], "a": ["b"], "b": ["dep:x"]}, ["default", "no-default-features"]),
        ({"default": ["a"], "a": [], "b": []}, ["default", "all-features", "no-default-features"]),
        ({"default": ["x/y"], "b": []}, ["default", "all-features", "no-default-features"]),
    ],
)
def test_only_feature_sets_that_differ(features: dict[str, list[str]], names: list[str]) -> None:
    assert [c.name for c in configurations(features)] == names


def test_asked_for_features_are_one_configuration_whatever_their_order() -> None:
    assert chosen(["b", "a"]) == chosen(["a", "b"])
    assert chosen(["b", "a"]).arguments == ("--features", "a,b")


def test_cargo_is_asked_for_no_feature_that_the_packages_lack() -> None:
    package = Package(
        "a", "0.1.0", "a", "/a/Cargo.toml", [], features={"fast": []}, dependencies=[Dependency("d")]
    )
    sets = [ALL_FEATURES, chosen(["fast", "slow"]), chosen(["slow"]), chosen(["b/fast"]), chosen(["d/std"])]
    assert list(of_packages(sets, [package])) == [ALL_FEATURES, chosen(["fast"]), chosen(["d/std"])]
