import pytest

from remediate.cargo.check import chosen, configurations


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
