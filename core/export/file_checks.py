"""What is looked at in a network's file that somebody gave, before any runtime reads it: that it is what it says it is,
that it carries no code, and that it reads no other file. Refusals say why and what to do.
"""

import importlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.common.errors import TraindeckError
from core.common.text import first_line, quoted

ENDINGS = {".keras": "keras", ".onnx": "onnx", ".tflite": "litert"}  # and the engine that runs such a file
MOST_BYTES = 8 * 2**30  # that a .keras unpacks to
_MOST_ENTRIES = 10_000  # of it
_MOST_CONFIG = 64 * 2**20  # of it, its description
_MOST_RATIO = 200  # packed so much, an entry of more than a few megabytes is no weights
_SMALL = 32 * 2**20
_MOST_PACKED = 20  # times its size that an HDF5 file may say it holds
_HDF5 = b"\x89HDF\r\n\x1a\n"
_LAYERS_WITH_CODE = ("Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper")
_OWN = re.compile(r"keras(?!\.(src\.)?(utils|saving|legacy|config|wrappers|export))(\.\w+)*")  # modules without a door
_FUNCTIONS = re.compile(  # modules whose functions compute, and do nothing else
    r"keras(\.src)?\.(activations|constraints|initializers|layers|losses|metrics|ops|random|regularizers)(\.\w+)*"
)
_ONNX_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")  # that ONNX Runtime has built in


class FileError(TraindeckError):
    """A file that becomes no version."""


def check(path: Path, name: str) -> str:
    """The engine that runs it. Raises FileError.

    Args:
        name: as the user knows it, by whose ending it is read.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise FileError(
            f"{name} ends in {ending or 'nothing'}; accepted are {', '.join(ENDINGS)}. Save the network in one of them."
        )
    if not path.stat().st_size:
        raise FileError(f"{name} is empty. Save the network again, and upload that.")
    _CHECKS[ending](path, name)
    return ENDINGS[ending]


def _keras(path: Path, name: str) -> None:
    with path.open("rb") as file:
        if file.read(8) == _HDF5:
            raise FileError(
                f"{name} is an HDF5 file, as Keras 2 wrote them, under the ending .keras. Load it by its old ending "
                'and save it anew: keras.models.load_model("model.h5").save("model.keras").'
            )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _size(entries, name)
            with archive.open("config.json") as file:
                # Told no number, zipfile unpacks two gigabytes at a time, whatever size the entry declares.
                config = json.loads(file.read(_MOST_CONFIG))
            with archive.open("model.weights.h5") as weights:
                if weights.read(8) != _HDF5:
                    raise FileError(f"The weights of {name} are no HDF5 file. Save the network again in Keras 3.")
    except KeyError as error:
        raise FileError(
            f"{name} has no {str(error.args[0]).split(chr(39))[1]} in it, so it is no network of Keras 3. Save it by "
            'model.save("model.keras"); weights alone are not enough.'
        ) from error
    except (OSError, ValueError, RecursionError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise FileError(
            f"{name} is damaged, or no .keras file ({first_line(error)}). Save it again in Keras 3."
        ) from error
    if isinstance(config, dict):
        config.pop("compile_config", None)  # losses and metrics, which are not loaded
    for told in _code(config):
        raise FileError(
            f"{name} carries code: {told}. Code of others is not run here. Replace it by layers of Keras itself, or "
            "export the network as ONNX, which holds none."
        )


def _size(entries: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(each.file_size for each in entries)
    if total > MOST_BYTES or len(entries) > _MOST_ENTRIES:
        raise FileError(
            f"{name} unpacks to {total:,} bytes from {len(entries):,} entries; at most {MOST_BYTES:,} bytes and "
            f"{_MOST_ENTRIES:,} entries are taken. Make the network smaller."
        )
    if packed := [each for each in entries if each.file_size > max(_SMALL, _MOST_RATIO * each.compress_size)]:
        raise FileError(
            f"{packed[0].filename[:80]} in {name} unpacks from {packed[0].compress_size:,} to {packed[0].file_size:,} "
            f"bytes, as no weights do; entries of more than {_SMALL:,} bytes are taken up to {_MOST_RATIO} times "
            "their packed size. Save the network again in Keras 3."
        )
    config = next((each.file_size for each in entries if each.filename == "config.json"), 0)
    if config > _MOST_CONFIG:
        raise FileError(f"The description in {name} has {config:,} bytes; at most {_MOST_CONFIG:,} are read.")


def _code(config: Any) -> Iterator[str]:
    """What of a saved network is not Keras's own, in words."""
    left = [config]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left += each
        if not isinstance(each, dict):
            continue
        left += each.values()
        if isinstance(value := each.get("value"), list) and len(each) == 1 and _is_marshalled(value[:1]):
            yield "a function of Python's"
        kind, module = each.get("class_name"), each.get("module")
        if not isinstance(kind, str) or not ("config" in each or "module" in each):
            continue
        own = isinstance(module, str) and _OWN.fullmatch(module) is not None
        named = each.get("registered_name")
        if kind.strip("_") == "lambda" or kind in _LAYERS_WITH_CODE:
            yield f"a layer {kind.strip('_')}"
        elif kind == "function" and not (isinstance(module, str) and _FUNCTIONS.fullmatch(module)):
            yield f"the function {quoted(each.get('config'))}"
        elif kind.startswith("__") or own or (module is None and named is None):  # the last: as Keras wrote it before
            continue
        else:
            yield f"the object {quoted(named or kind)}, which is not of Keras"


def _is_marshalled(first: list[Any]) -> bool:
    """Whether it is code in base64, as Keras writes a lambda that is no layer."""
    return bool(first) and isinstance(first[0], str) and first[0].startswith("4w")


def check_links(weights: Any) -> None:
    """Of an open HDF5 file: nothing in it may lead to another file. Raises FileError."""
    h5py = importlib.import_module("h5py")
    left = [weights]
    while left:
        group = left.pop()
        for key in group:
            link = group.get(key, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise FileError(f"Its weights lead to another file, {quoted(link.filename)}. Save it with its own.")
            if isinstance(link, h5py.SoftLink):
                continue
            found = group[key]
            if isinstance(found, h5py.Group):
                left.append(found)
            elif found.external or found.is_virtual:
                raise FileError("Its weights lie in another file. Save the network with its own weights.")


def check_stored(weights: Any, size: int, name: str) -> int:
    """How many numbers an open HDF5 file of so many bytes holds. Raises FileError: it says that it holds far more."""
    h5py = importlib.import_module("h5py")
    found: list[Any] = []
    weights.visititems(lambda _, each: found.append(each) if isinstance(each, h5py.Dataset) else None)
    total = sum(each.size * each.dtype.itemsize for each in found if each.size)
    if total > max(_SMALL, _MOST_PACKED * size):
        raise FileError(
            f"The weights of {name} are said to have {total:,} bytes, and the file that holds them has {size:,}. Save "
            "the network again."
        )
    return sum(each.size for each in found if each.size)


def _onnx(path: Path, name: str) -> None:
    onnx = importlib.import_module("onnx")
    try:
        model = onnx.load(str(path), load_external_data=False)
        if not model.graph.node and not model.graph.output:
            raise ValueError("it has no operators")
    except Exception as error:  # protobuf's own, of many kinds
        raise FileError(f"{name} is damaged, or no ONNX file ({first_line(error)[:200]}). Export it again.") from error
    own = {(each.domain, each.name) for each in model.functions}
    for graph in _graphs(model):
        for tensor in _tensors(graph):
            if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
                place = next((each.value for each in tensor.external_data if each.key == "location"), "another file")
                raise FileError(
                    f"The weights of {name} are not in it but in {quoted(place)}, and one file is taken. Save "
                    'it whole: onnx.save_model(onnx.load("model.onnx"), "whole.onnx", save_as_external_data=False).'
                )
        for node in graph.node:
            if node.domain not in _ONNX_DOMAINS and (node.domain, node.op_type) not in own:
                raise FileError(
                    f"{name} uses the operator {quoted(node.op_type)} of {quoted(node.domain)}, which needs code that "
                    "is not in the file. Export it with the operators of ONNX only."
                )


def _graphs(model: Any) -> Iterator[Any]:
    """Of the model and its functions, with those within nodes."""
    left = [model.graph, *model.functions]
    while left:
        graph = left.pop()
        yield graph
        for node in graph.node:
            for attribute in node.attribute:
                left += [attribute.g] if attribute.HasField("g") else []
                left += attribute.graphs


def _tensors(graph: Any) -> Iterator[Any]:
    yield from getattr(graph, "initializer", ())
    for sparse in getattr(graph, "sparse_initializer", ()):
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def _litert(path: Path, name: str) -> None:
    with path.open("rb") as file:
        if file.read(8)[4:] != b"TFL3":
            raise FileError(f"{name} is damaged, or no TFLite file. Convert the network again.")
    schema = importlib.import_module("ai_edge_litert.schema_py_generated")
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(path.read_bytes(), 0))
        if not model.subgraphs:
            raise ValueError("it has no operators")
        custom = [each.customCode.decode() for each in model.operatorCodes or () if each.customCode]
    except Exception as error:  # a flatbuffer that is cut off raises whatever it meets
        raise FileError(f"{name} is damaged ({type(error).__name__}). Convert the network again.") from error
    if flex := [each for each in custom if each.startswith("Flex")]:
        raise FileError(
            f"{name} uses operators of TensorFlow ({', '.join(each.removeprefix('Flex') for each in flex[:5])}), which "
            "LiteRT alone does not have. Convert it without SELECT_TF_OPS, or upload it as .keras or .onnx."
        )
    if custom:
        raise FileError(
            f"{name} uses the operators {', '.join(custom[:5])}, which are not LiteRT's own and need code that is not "
            "in the file. Convert it without them."
        )


_CHECKS: dict[str, Callable[[Path, str], None]] = {".keras": _keras, ".onnx": _onnx, ".tflite": _litert}
