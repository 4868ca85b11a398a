"""The traits of serde that people import, with what an import of each puts in scope; serde has no others."""

from remediate.rust.word_table import table

_VALUES = "bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes"
_SERIALIZED = (
    f"{_VALUES} none some unit unit_struct unit_variant newtype_struct newtype_variant seq tuple "
    "tuple_struct tuple_variant map struct struct_variant"
)
_DESERIALIZED = (
    f"{_VALUES} any string byte_buf option unit unit_struct newtype_struct seq tuple tuple_struct map struct "
    "enum identifier ignored_any"
)
_VISITED = f"{_VALUES} borrowed_str string borrowed_bytes byte_buf none some unit newtype_struct seq map enum"
_ERRORS = (
    "custom invalid_type invalid_value invalid_length unknown_variant unknown_field missing_field "
    "duplicate_field"
)


def _each(verb: str, kinds: str) -> str:
    return " ".join(f"{verb}_{kind}" for kind in kinds.split())


SERDE = {
    name: table(words)
    for name, words in {
        "Serialize": "serialize",
        "Deserialize": "deserialize deserialize_in_place",
        "DeserializeOwned": "",
        "DeserializeSeed": "deserialize Value",
        "Serializer": (
            f"{_each('serialize', _SERIALIZED)} collect_seq collect_map collect_str is_human_readable"
        ),
        "Deserializer": f"{_each('deserialize', _DESERIALIZED)} is_human_readable",
        "Visitor": f"expecting {_each('visit', _VISITED)}",
        "Error": _ERRORS,
        "SerializeSeq": "serialize_element end",
        "SerializeTuple": "serialize_element end",
        "SerializeTupleStruct": "serialize_field end",
        "SerializeTupleVariant": "serialize_field end",
        "SerializeStruct": "serialize_field skip_field end",
        "SerializeStructVariant": "serialize_field skip_field end",
        "SerializeMap": "serialize_key serialize_value serialize_entry end",
        "SeqAccess": "next_element next_element_seed size_hint",
        "MapAccess": "next_key next_value next_entry next_key_seed next_value_seed next_entry_seed size_hint",
        "EnumAccess": "variant variant_seed",
        "VariantAccess": "unit_variant newtype_variant newtype_variant_seed tuple_variant struct_variant",
        "IntoDeserializer": "into_deserializer",
    }.items()
}
"""Members by the trait's name, whatever of serde's modules it is imported from."""
