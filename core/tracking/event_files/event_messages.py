"""What is read of TensorBoard's messages: event.proto, summary.proto, tensor.proto, hparams' plugin_data.proto."""

from core.common.proto_messages import message_classes

_CLASSES = message_classes(
    "traindeck.event_files",
    {
        "Event": """
            1 wall_time double
            2 step int64
            3 file_version string
            5 summary Summary
            7 ?session_log SessionLog
        """,
        "SessionLog": "1 status int32",
        "Summary": "1 value Value many",
        "Value": """
            1 tag string
            2 ?simple_value float
            4 image Image
            5 histo Histogram
            6 audio Audio
            8 tensor Tensor
            9 metadata Metadata
        """,
        "Metadata": """
            1 plugin_data PluginData
            2 display_name string
        """,
        "PluginData": """
            1 plugin_name string
            2 content bytes
        """,
        "Image": "4 encoded_image_string bytes",
        "Audio": """
            4 encoded_audio_string bytes
            5 content_type string
        """,
        "Histogram": """
            6 bucket_limit double many
            7 bucket double many
            1 min double
            2 max double
        """,
        "Tensor": """
            1 dtype int32
            2 tensor_shape Shape
            4 tensor_content bytes
            5 float_val float many
            6 double_val double many
            7 int_val int32 many
            8 string_val bytes many
            10 int64_val int64 many
            11 bool_val bool many
            13 half_val int32 many
            16 uint32_val uint32 many
            17 uint64_val uint64 many
        """,
        "Shape": "2 dim Dim many",
        "Dim": "1 size int64",
        "HParams": """
            3 ?session_start_info SessionStart
            4 ?session_end_info SessionEnd
        """,
        "SessionStart": """
            1 hparams HParam many
            4 group_name string
            5 start_time_secs double
        """,
        "HParam": """
            1 key string
            2 value ParamValue
        """,
        "ParamValue": """
            2 ?number_value double
            3 ?string_value string
            4 ?bool_value bool
        """,
        "SessionEnd": """
            1 status int32
            2 end_time_secs double
        """,
    },
)
Event = _CLASSES["Event"]
HParams = _CLASSES["HParams"]
