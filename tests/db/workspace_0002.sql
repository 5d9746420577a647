BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002_curves');
CREATE TABLE artifacts (
	run_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	path TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_artifacts PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_artifacts_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "artifacts" VALUES(1,'best.keras','checkpoint','checkpoints/best.keras',148378,1.79564193723817038536e+09);
INSERT INTO "artifacts" VALUES(1,'last.keras','checkpoint','checkpoints/last.keras',148392,1.79564193727499651909e+09);
INSERT INTO "artifacts" VALUES(1,'samples.npz','evaluation','artifacts/samples.npz',5115,1.79564193740906810755e+09);
INSERT INTO "artifacts" VALUES(1,'predictions.parquet','predictions','artifacts/predictions.parquet',32756,1.79564193758722114566e+09);
INSERT INTO "artifacts" VALUES(1,'evaluation.json','evaluation','artifacts/evaluation.json',16353,1.79564193758889222149e+09);
INSERT INTO "artifacts" VALUES(2,'best.keras','checkpoint','checkpoints/best.keras',32364,1.79564194771411323545e+09);
INSERT INTO "artifacts" VALUES(2,'last.keras','checkpoint','checkpoints/last.keras',32377,1.79564194778692483899e+09);
INSERT INTO "artifacts" VALUES(2,'predictions.parquet','predictions','artifacts/predictions.parquet',5329,1.79564194824469280245e+09);
INSERT INTO "artifacts" VALUES(2,'evaluation.json','evaluation','artifacts/evaluation.json',1008,1.79564194824645709993e+09);
CREATE TABLE curves (
	run_id INTEGER NOT NULL, 
	metric_id INTEGER NOT NULL, 
	count BIGINT NOT NULL, 
	last_step BIGINT NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_curves PRIMARY KEY (run_id, metric_id), 
	CONSTRAINT fk_curves_metric_id FOREIGN KEY(metric_id) REFERENCES metrics (id), 
	CONSTRAINT fk_curves_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE experiments (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_experiments PRIMARY KEY (id), 
	CONSTRAINT uq_experiments_name UNIQUE (name)
);
INSERT INTO "experiments" VALUES(1,'default',1.79564193571680927275e+09);
CREATE TABLE hosts (
	name TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	pid_started DOUBLE NOT NULL, 
	heartbeat_at DOUBLE NOT NULL, 
	slots JSON NOT NULL, 
	standby JSON NOT NULL, 
	CONSTRAINT pk_hosts PRIMARY KEY (name)
);
CREATE TABLE inspections (
	"key" VARCHAR(64) NOT NULL, 
	config JSON NOT NULL, 
	result JSON, 
	asked_at DOUBLE NOT NULL, 
	CONSTRAINT pk_inspections PRIMARY KEY ("key")
);
INSERT INTO "inspections" VALUES('5ad930d25ecb3482c92e96c54b481d7067e5735d0defb93b36cba09c06b48bda','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 3, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','{"layers": [{"name": "input", "kind": "InputLayer", "output_shape": [8, 8, 1], "params": 0, "trainable": false, "inputs": [], "detail": ""}, {"name": "scale", "kind": "Rescaling", "output_shape": [8, 8, 1], "params": 0, "trainable": false, "inputs": ["input"], "detail": "0.003922"}, {"name": "flatten", "kind": "Flatten", "output_shape": [64], "params": 0, "trainable": false, "inputs": ["scale"], "detail": ""}, {"name": "dense_1", "kind": "Dense", "output_shape": [64], "params": 4160, "trainable": true, "inputs": ["flatten"], "detail": "64"}, {"name": "dense_1_relu", "kind": "Activation", "output_shape": [64], "params": 0, "trainable": false, "inputs": ["dense_1"], "detail": "relu"}, {"name": "dense_2", "kind": "Dense", "output_shape": [64], "params": 4160, "trainable": true, "inputs": ["dense_1_relu"], "detail": "64"}, {"name": "dense_2_relu", "kind": "Activation", "output_shape": [64], "params": 0, "trainable": false, "inputs": ["dense_2"], "detail": "relu"}, {"name": "logits", "kind": "Dense", "output_shape": [10], "params": 650, "trainable": true, "inputs": ["dense_2_relu"], "detail": "10"}, {"name": "output", "kind": "Activation", "output_shape": [10], "params": 0, "trainable": false, "inputs": ["logits"], "detail": "softmax"}], "train_examples": 1150, "validation_examples": 287, "test_examples": 360, "class_counts": {"0": 114, "1": 117, "2": 114, "3": 117, "4": 116, "5": 116, "6": 116, "7": 114, "8": 111, "9": 115}, "examples": [{"label": "0", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA4UlEQVR4nO3YsQ3CMBBAUYLSwwawAR4hI2SkMAoTYDbIBpgNMkLYgPqnuAZRcPruvpzkSddYTrcL1gk1oypqQr2Db+4j8BdLUFBQUPD71TEPqBq8uKIa6hq8l3+kgoKCggnBnllQ52CP94cnqqJeqPwjFRQUFEwIbk6LAbWiov9LDVVQnhaCgoKCfw9uTouGmlD8S8WzY0EV1A2Vf6SCgoKCCcHNafEIHo3uFgW1BE/mH6mgoKBgQrCPNhvqjlpRA2oMvpl/pIKCgoIJwS7avKBm1BE1oqIbSv6RCgoKCiYEP3O1Gk3hTBSsAAAAAElFTkSuQmCC", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "1", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAAv0lEQVR4nO3ZQQ2DQBSE4dIgAAlIWAeV0FYB1ioBJNQBdYIEznOZvCw9Tf53mzzYL5nLJjDczCySPpJWSW93jMy9/OSfBhAQEBDw+oxu2czuJekpaTPv5VcKCAgIGAja2+IoH1N/Mr9SQEBAwEDQ3haz2e2SvmUwv1JAQEDAQLD7S9TRCeZXCggICBgI2ttil9TMrj75lQICAgIGgt3/LaZOML9SQEBAwEBwcMuHpFXSJKlJ+pkz8ysFBAQEDARPKp0N7K4l+lsAAAAASUVORK5CYII=", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "2", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA2UlEQVR4nO3ZwQ2CUBREUTHstRMpgQ7EEuyAErQDWrACKcESfgmWgB24HmPGb3Q1uW93A/yTvAUsaFZmrlKD1Cx1cMfIrKvv/NMAAgICAv4+jeZOqkjNUr3UKHUxYP5KAQEBAQPBl6/FRmoyNZpDj+Za/koBAQEBA8FW8yHl3vqL1LYazF8pICAgYCDYfr7l/XRSpfq5/JUCAgICBoJffC32Ur3UVH1K/koBAQEBA0H73+Im1ZljitQsdZbKXykgICBgIGj/W9xNFalB6iS1SOWvFBAQEDAQfAKrpRSX0L+ragAAAABJRU5ErkJggg==", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "3", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA1UlEQVR4nO3awQ2CQBBAUTEWQAmUYAfGCqQDKYUS6ABLWDuwBDuAEqADz/8ygRgPTv7cfjbhJXvZbJbqEMwd1aFq1IK6Bt88RuAvRlBQUFDw+6mixQk1owpqQNWoFZV/SwUFBQUTgqdosd+8NqB4PnDyb6mgoKBgQjC8W3B403ijOpSnhaCgoGAycMdpcUMVVIt6Bl/Jv6WCgoKCCcEdpwWHL+A96ozy3UJQUFDw78Hw3WJEzaiCajaD+bdUUFBQMCEY3i0uqAeqQb1Q/kErKCgomAz8AOcLFK999urbAAAAAElFTkSuQmCC", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "4", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA20lEQVR4nO3aQQ3CQBhEYUoQgITFQR0gASQgARwgAQnrgEooCqiEWsAB5+lhsimcJm9vL9vsl/yXptl2m+b1lhqlbs2nbNvB/yxAQEBAwN/Xzm0epYpUXQnmjxQQEBAwEOzc5lNqlprM3sucmT9SQEBAwEBw8W1xkjpL9VJVapCapD5S+SMFBAQEDAQXb4uHefQi1ZvaS+mdRv5IAQEBAQPBxdtilipSV3PMIFXNk/kjBQQEBAwE7b2F3nLfpYrUoRnMHykgICBgIGj/iXK31eNKMH+kgICAgIHgF1sNEtkympJYAAAAAElFTkSuQmCC", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "5", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA20lEQVR4nO3YQQ3CQBCFYZbUB6CAlVAH4AAr4KAScMDiAAeAA3BAHXDi8JpmugFOL//c/jDpl8ylKWkWzFUqR6sye6mD1Lz6KX8aQEBAQMDfJ2kupB5SN6kidQk2eyn/kwICAgIago3mNlhtpfrxpcnxPykgICCgITh4W7RSL6ki1Umdq0H/kwICAgIagoN/ojZSpfoxWeoebPqfFBAQENAQTNMrn9lJHaWWUs/gKf4nBQQEBDQEm+jHtVQXVPR+0PE/KSAgIKAhGH5bnKSy1OpL0P+kgICAgIbgG3K3E7QGC5aJAAAAAElFTkSuQmCC", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "6", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA3UlEQVR4nO3ZUQ3CQBCE4StBAA6wgIPWAZWAFCSAg+IAFIAEJICD4oDnuZDJBXia/Ps22ct9yb5ctu2KqV7STdJO0sldI7VoPvmnAgQEBAT8vZauuTG9+Uswf6SAgICAgWDnmlfTGyW9msH8kQICAgIGgna3GCTtJbW/D1r5IwUEBAQMBKvXov98qpRSf5daS3o2g/kjBQQEBAwEqy9RW0nn5mvukgZJuoXkjxQQEBAwEKxeC90YHiatTBolXSTljxQQEBAwELR/uXXTmCTNkg6SjubO/JECAgICBoJvOOMSIl/Pwb8AAAAASUVORK5CYII=", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "7", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA00lEQVR4nO3ZwRHBUBSFYc9k73WADtIJHdCBlJAS6EAJSokO6IAOrCzO5iDGwpn/7v55km/mbt5klImZlVQv1UpdpJbmnVMH/mIAAQEBAb+fojmTGqSO5uwktZC6SuWvFBAQEDAQbDTvUq05m0vd3gbzVwoICAgYCDbu0N0PW/NcleLbAhAQEPDvQXtb6AxS1Zytpc5S+SsFBAQEDATL6588ZyPVS7n/tXXyVwoICAgYCH7wbdFJ7UeC+SsFBAQEDATtbbGTqlKHkWD+SgEBAQEDwQc1thJLDLeFPQAAAABJRU5ErkJggg==", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "8", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAAx0lEQVR4nO3ZQQ3CQBBAUZb0TnFAHYADJFQCEpCAlKKgSMABFlZCUQDnf5lsIFyGP7ef3fQlc2gPLatgZtQY3KyoIbi5jsBfjKCgoKDg91OYG9QSVEXtgnqi8q9UUFBQMCHYMflmr6getUedgqdw8q9UUFBQMCHYRYcT6oI6o67NYP6VCgoKCgoKCgoKCv4lWKLDB6pHLahDM5h/pYKCgoIJwfBr8ULdUEfUthnMv1JBQUHBhGD43+KOGlHTh2D+lQoKCgomBN8zDxImIg1iRwAAAABJRU5ErkJggg==", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "9", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA4ElEQVR4nO3ZQQ3CUBAGYUq4UwcUB0UBOAAkoAAcgAQkIKESkAAOKgEccJ7LJoRw+TN7m7yUL9lL82gzKWaLuqFeqB3qWfzmtAL/MYKCgoKCv0/DXKDuqCvqUZytCjB/pYKCgoKB4Kw6bFFjcdaj5qg3Kn+lgoKCgoFgUx0eURdUWzzXo/i/VP5KBQUFBQPB8m3B4Y2hQ21QPeqAyl+poKCgYCD4xduimup7xxKVv1JBQUHBQLD8bnFGtagBNaI6FO8k+SsVFBQUDATLu8UadUJ1qB41oPao/JUKCgoKBoIfzyoRXS2hD28AAAAASUVORK5CYII=", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "0", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAA30lEQVR4nO3aQQ3CQBhEYUoqYFFAcFAH1AngAAmggEoAB0gAB+sAC5XAefYwaUK4TN7eXrrZL/kvm1K6lVl7qZfZOUq9zc61A/+xAAEBAQF/X717eJSaparUXWpnzswfKSAgIGAg2NwWW6kitTHH3KQOUg+p/JECAgICBoLNbTFIPRcfozuL2Zk/UkBAQMBAsLktZqlRSt8RdA1S1ezMHykgICBgIGi/WxTzTH+zOkvx3QIQEBAwDOzcw49UMXWRupoz80cKCAgIGAja20L/QTtJVanTYjB/pICAgICB4Bfh7xDJfOFw9QAAAABJRU5ErkJggg==", "altered": [], "values": [], "text": "", "cut": ""}, {"label": "1", "picture": "iVBORw0KGgoAAAANSUhEUgAAAHAAAABwCAAAAADji6uXAAAAyklEQVR4nO3ZwQnCQBRFUSPujR2kAy0hHVhDKkoLdiBWYDowdpISXD8Xj/BDNo87u8swHPibgZnmYNZTapEa3EGzjsVz5QUICAgIuH01bvMj1UldimD+SAEBAQEDwZPbXKRaqbvUazWYP1JAQEDAQPDvtjhL3XYA80cKCAgIGAjal6ir1ENqllr/i5E/UkBAQMBA0L5EfaVmqb4I5o8UEBAQMBC0t4X+TbRSndQoNZnKHykgICBgIGhfot5SfZGYpPJHCggICBgI/gAwZw5Sy7eZowAAAABJRU5ErkJggg==", "altered": [], "values": [], "text": "", "cut": ""}], "shape": [8, 8, 1], "columns": [], "target": "", "targets": null, "tokens": null, "problems": []}',1.79564192135915017128e+09);
INSERT INTO "inspections" VALUES('0a982909adf294c74cd8e8cb573c407ff10984a5080642a22d85d2dc32173461','{"data": {"source": "xor", "validation_split": 0.0, "folds": 0, "fold": 0, "limit": null}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [8], "activation": "tanh"}, "fine_tune": null, "training": {"epochs": 20, "batch_size": 4, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.05, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','{"layers": [{"name": "input", "kind": "InputLayer", "output_shape": [2], "params": 0, "trainable": false, "inputs": [], "detail": ""}, {"name": "normalize", "kind": "Normalization", "output_shape": [2], "params": 5, "trainable": false, "inputs": ["input"], "detail": ""}, {"name": "dense_1", "kind": "Dense", "output_shape": [8], "params": 24, "trainable": true, "inputs": ["normalize"], "detail": "8"}, {"name": "dense_1_tanh", "kind": "Activation", "output_shape": [8], "params": 0, "trainable": false, "inputs": ["dense_1"], "detail": "tanh"}, {"name": "logits", "kind": "Dense", "output_shape": [1], "params": 9, "trainable": true, "inputs": ["dense_1_tanh"], "detail": "1"}, {"name": "output", "kind": "Activation", "output_shape": [1], "params": 0, "trainable": false, "inputs": ["logits"], "detail": "sigmoid"}], "train_examples": 4, "validation_examples": 0, "test_examples": 4, "class_counts": {"0": 2, "1": 2}, "examples": [{"label": "0", "picture": "", "altered": [], "values": [0.0, 0.0], "text": "", "cut": ""}, {"label": "1", "picture": "", "altered": [], "values": [0.0, 1.0], "text": "", "cut": ""}, {"label": "0", "picture": "", "altered": [], "values": [1.0, 1.0], "text": "", "cut": ""}, {"label": "1", "picture": "", "altered": [], "values": [1.0, 0.0], "text": "", "cut": ""}], "shape": [2], "columns": ["1", "2"], "target": "", "targets": null, "tokens": null, "problems": []}',1.79564193872004294397e+09);
CREATE TABLE metric_points (
	run_id INTEGER NOT NULL, 
	metric_id INTEGER NOT NULL, 
	step BIGINT NOT NULL, 
	value DOUBLE, 
	wall_time DOUBLE NOT NULL, 
	CONSTRAINT pk_metric_points PRIMARY KEY (run_id, metric_id, step)
)
 WITHOUT ROWID

;
INSERT INTO "metric_points" VALUES(1,1,36,2.13494293793388045799e+00,1.79564193716671180725e+09);
INSERT INTO "metric_points" VALUES(1,1,72,1.52767749081487247408e+00,1.79564193717457389835e+09);
INSERT INTO "metric_points" VALUES(1,1,108,0.821243824025859,1.79564193718150281911e+09);
INSERT INTO "metric_points" VALUES(1,2,36,3.33043478157209305035e-01,1.79564193716671180725e+09);
INSERT INTO "metric_points" VALUES(1,2,72,7.0000000031098075226e-01,1.79564193717457389835e+09);
INSERT INTO "metric_points" VALUES(1,2,108,8.50434782816016143769e-01,1.79564193718150281911e+09);
INSERT INTO "metric_points" VALUES(1,3,36,1.88578294544685176603e+00,1.79564193716671180725e+09);
INSERT INTO "metric_points" VALUES(1,3,72,1.13787950705152773878e+00,1.79564193717457389835e+09);
INSERT INTO "metric_points" VALUES(1,3,108,5.99932529369713085642e-01,1.79564193718150281911e+09);
INSERT INTO "metric_points" VALUES(1,4,36,6.20209057156632548313e-01,1.79564193716671180725e+09);
INSERT INTO "metric_points" VALUES(1,4,72,0.815331010868325,1.79564193717457389835e+09);
INSERT INTO "metric_points" VALUES(1,4,108,8.95470380367717644354e-01,1.79564193718150281911e+09);
INSERT INTO "metric_points" VALUES(1,5,36,0.001,1.79564193716671180725e+09);
INSERT INTO "metric_points" VALUES(1,5,72,0.001,1.79564193717457389835e+09);
INSERT INTO "metric_points" VALUES(1,5,108,0.001,1.79564193718150281911e+09);
INSERT INTO "metric_points" VALUES(1,6,108,6.20280770460764574458e-01,1.79564193730469608308e+09);
INSERT INTO "metric_points" VALUES(1,7,108,8.69444437821706106461e-01,1.79564193730469608308e+09);
INSERT INTO "metric_points" VALUES(1,8,0,53.2,1.79564193749102282522e+09);
INSERT INTO "metric_points" VALUES(1,9,0,433.99609375,1.79564193749102282522e+09);
INSERT INTO "metric_points" VALUES(1,10,0,0.0,1.79564193749102282522e+09);
INSERT INTO "metric_points" VALUES(1,11,108,8.7096318311586706784e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,12,108,8.87199254993372599109e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,13,108,8.69154869154869169634e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,14,108,9.8874915997276391355e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,15,108,9.48608177014005682359e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,16,108,2.423607474813858631e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(1,17,108,9.69444444444444441977e-01,1.79564193758948421474e+09);
INSERT INTO "metric_points" VALUES(2,1,1,6.96485400199890136718e-01,1.79564194757654762265e+09);
INSERT INTO "metric_points" VALUES(2,1,2,6.91279828548431396484e-01,1.79564194757917046547e+09);
INSERT INTO "metric_points" VALUES(2,1,3,6.88463926315307617187e-01,1.79564194758105373384e+09);
INSERT INTO "metric_points" VALUES(2,1,4,6.81126534938812255859e-01,1.79564194758293676373e+09);
INSERT INTO "metric_points" VALUES(2,1,5,6.71396195888519287109e-01,1.79564194758685898782e+09);
INSERT INTO "metric_points" VALUES(2,1,6,6.59102022647857666015e-01,1.79564194759020566939e+09);
INSERT INTO "metric_points" VALUES(2,1,7,6.42946600914001464843e-01,1.79564194759355258944e+09);
INSERT INTO "metric_points" VALUES(2,1,8,6.2192535400390625e-01,1.79564194759689927096e+09);
INSERT INTO "metric_points" VALUES(2,1,9,5.95716238021850585937e-01,1.79564194760024619106e+09);
INSERT INTO "metric_points" VALUES(2,1,10,5.64346730709075927734e-01,1.79564194760359287263e+09);
INSERT INTO "metric_points" VALUES(2,1,11,0.528058648109436,1.79564194760693979268e+09);
INSERT INTO "metric_points" VALUES(2,1,12,4.87405598163604736328e-01,1.79564194761028671264e+09);
INSERT INTO "metric_points" VALUES(2,1,13,4.43324863910675048828e-01,1.79564194761363339417e+09);
INSERT INTO "metric_points" VALUES(2,1,14,3.97101610898971557617e-01,1.79564194761698031426e+09);
INSERT INTO "metric_points" VALUES(2,1,15,0.35024294257164,1.79564194762032699583e+09);
INSERT INTO "metric_points" VALUES(2,1,16,3.04302424192428588867e-01,1.79564194762367391588e+09);
INSERT INTO "metric_points" VALUES(2,1,17,2.6068744063377380371e-01,1.7956419476270205974e+09);
INSERT INTO "metric_points" VALUES(2,1,18,2.20498904585838317871e-01,1.7956419476303675175e+09);
INSERT INTO "metric_points" VALUES(2,1,19,1.84453949332237243652e-01,1.79564194763371419907e+09);
INSERT INTO "metric_points" VALUES(2,1,20,1.52894809842109680175e-01,1.79564194763706111912e+09);
INSERT INTO "metric_points" VALUES(2,2,1,0.5,1.79564194757654762265e+09);
INSERT INTO "metric_points" VALUES(2,2,2,0.25,1.79564194757917046547e+09);
INSERT INTO "metric_points" VALUES(2,2,3,0.5,1.79564194758105373384e+09);
INSERT INTO "metric_points" VALUES(2,2,4,0.5,1.79564194758293676373e+09);
INSERT INTO "metric_points" VALUES(2,2,5,1.0,1.79564194758685898782e+09);
INSERT INTO "metric_points" VALUES(2,2,6,0.75,1.79564194759020566939e+09);
INSERT INTO "metric_points" VALUES(2,2,7,0.75,1.79564194759355258944e+09);
INSERT INTO "metric_points" VALUES(2,2,8,1.0,1.79564194759689927096e+09);
INSERT INTO "metric_points" VALUES(2,2,9,1.0,1.79564194760024619106e+09);
INSERT INTO "metric_points" VALUES(2,2,10,1.0,1.79564194760359287263e+09);
INSERT INTO "metric_points" VALUES(2,2,11,1.0,1.79564194760693979268e+09);
INSERT INTO "metric_points" VALUES(2,2,12,1.0,1.79564194761028671264e+09);
INSERT INTO "metric_points" VALUES(2,2,13,1.0,1.79564194761363339417e+09);
INSERT INTO "metric_points" VALUES(2,2,14,1.0,1.79564194761698031426e+09);
INSERT INTO "metric_points" VALUES(2,2,15,1.0,1.79564194762032699583e+09);
INSERT INTO "metric_points" VALUES(2,2,16,1.0,1.79564194762367391588e+09);
INSERT INTO "metric_points" VALUES(2,2,17,1.0,1.7956419476270205974e+09);
INSERT INTO "metric_points" VALUES(2,2,18,1.0,1.7956419476303675175e+09);
INSERT INTO "metric_points" VALUES(2,2,19,1.0,1.79564194763371419907e+09);
INSERT INTO "metric_points" VALUES(2,2,20,1.0,1.79564194763706111912e+09);
INSERT INTO "metric_points" VALUES(2,5,1,0.05,1.79564194757654762265e+09);
INSERT INTO "metric_points" VALUES(2,5,2,0.05,1.79564194757917046547e+09);
INSERT INTO "metric_points" VALUES(2,5,3,0.05,1.79564194758105373384e+09);
INSERT INTO "metric_points" VALUES(2,5,4,0.05,1.79564194758293676373e+09);
INSERT INTO "metric_points" VALUES(2,5,5,0.05,1.79564194758685898782e+09);
INSERT INTO "metric_points" VALUES(2,5,6,0.05,1.79564194759020566939e+09);
INSERT INTO "metric_points" VALUES(2,5,7,0.05,1.79564194759355258944e+09);
INSERT INTO "metric_points" VALUES(2,5,8,0.05,1.79564194759689927096e+09);
INSERT INTO "metric_points" VALUES(2,5,9,0.05,1.79564194760024619106e+09);
INSERT INTO "metric_points" VALUES(2,5,10,0.05,1.79564194760359287263e+09);
INSERT INTO "metric_points" VALUES(2,5,11,0.05,1.79564194760693979268e+09);
INSERT INTO "metric_points" VALUES(2,5,12,0.05,1.79564194761028671264e+09);
INSERT INTO "metric_points" VALUES(2,5,13,0.05,1.79564194761363339417e+09);
INSERT INTO "metric_points" VALUES(2,5,14,0.05,1.79564194761698031426e+09);
INSERT INTO "metric_points" VALUES(2,5,15,0.05,1.79564194762032699583e+09);
INSERT INTO "metric_points" VALUES(2,5,16,0.05,1.79564194762367391588e+09);
INSERT INTO "metric_points" VALUES(2,5,17,0.05,1.7956419476270205974e+09);
INSERT INTO "metric_points" VALUES(2,5,18,0.05,1.7956419476303675175e+09);
INSERT INTO "metric_points" VALUES(2,5,19,0.05,1.79564194763371419907e+09);
INSERT INTO "metric_points" VALUES(2,5,20,0.05,1.79564194763706111912e+09);
INSERT INTO "metric_points" VALUES(2,6,20,1.258433610200881958e-01,1.79564194814238667482e+09);
INSERT INTO "metric_points" VALUES(2,7,20,1.0,1.79564194814238667482e+09);
INSERT INTO "metric_points" VALUES(2,8,0,54.8,1.79564194761793947214e+09);
INSERT INTO "metric_points" VALUES(2,9,0,392.03515625,1.79564194761793947214e+09);
INSERT INTO "metric_points" VALUES(2,10,0,0.0,1.79564194761793947214e+09);
INSERT INTO "metric_points" VALUES(2,11,20,1.0,1.79564194824721407887e+09);
INSERT INTO "metric_points" VALUES(2,12,20,1.0,1.79564194824721407887e+09);
INSERT INTO "metric_points" VALUES(2,13,20,1.0,1.79564194824721407887e+09);
INSERT INTO "metric_points" VALUES(2,14,20,1.0,1.79564194824721407887e+09);
INSERT INTO "metric_points" VALUES(2,15,20,1.0,1.79564194824721407887e+09);
INSERT INTO "metric_points" VALUES(2,16,20,1.17541551589965820312e-01,1.79564194824721407887e+09);
CREATE TABLE metrics (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	goal VARCHAR(3) NOT NULL, 
	CONSTRAINT pk_metrics PRIMARY KEY (id), 
	CONSTRAINT uq_metrics_name UNIQUE (name)
);
INSERT INTO "metrics" VALUES(1,'loss','min');
INSERT INTO "metrics" VALUES(2,'accuracy','max');
INSERT INTO "metrics" VALUES(3,'val_loss','min');
INSERT INTO "metrics" VALUES(4,'val_accuracy','max');
INSERT INTO "metrics" VALUES(5,'learning_rate','max');
INSERT INTO "metrics" VALUES(6,'test_loss','min');
INSERT INTO "metrics" VALUES(7,'test_accuracy','max');
INSERT INTO "metrics" VALUES(8,'system/process_cpu_percent','max');
INSERT INTO "metrics" VALUES(9,'system/process_memory_mb','max');
INSERT INTO "metrics" VALUES(10,'system/host_cpu_percent','max');
INSERT INTO "metrics" VALUES(11,'test_f1_macro','max');
INSERT INTO "metrics" VALUES(12,'test_precision_macro','max');
INSERT INTO "metrics" VALUES(13,'test_recall_macro','max');
INSERT INTO "metrics" VALUES(14,'test_roc_auc','max');
INSERT INTO "metrics" VALUES(15,'test_average_precision','max');
INSERT INTO "metrics" VALUES(16,'test_calibration_error','min');
INSERT INTO "metrics" VALUES(17,'test_top3_accuracy','max');
CREATE TABLE run_params (
	run_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	number DOUBLE, 
	CONSTRAINT pk_run_params PRIMARY KEY (run_id, "key"), 
	CONSTRAINT fk_run_params_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "run_params" VALUES(1,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(1,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(1,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(1,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(1,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(1,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(1,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(1,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(1,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(1,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(1,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(1,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(1,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(1,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(1,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(1,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(1,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(1,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(1,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(1,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(1,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(1,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(1,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(1,'seed','0',0.0);
INSERT INTO "run_params" VALUES(1,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(1,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(1,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(1,'training.epochs','3',3.0);
INSERT INTO "run_params" VALUES(1,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(1,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(1,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(1,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(1,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(1,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(1,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(1,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(1,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(1,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(2,'architecture.activation','tanh',NULL);
INSERT INTO "run_params" VALUES(2,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(2,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(2,'architecture.hidden','[8]',NULL);
INSERT INTO "run_params" VALUES(2,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(2,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(2,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(2,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(2,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(2,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(2,'data.source','xor',NULL);
INSERT INTO "run_params" VALUES(2,'data.validation_split','0.0',0.0);
INSERT INTO "run_params" VALUES(2,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(2,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(2,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(2,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(2,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(2,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(2,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(2,'seed','0',0.0);
INSERT INTO "run_params" VALUES(2,'training.batch_size','4',4.0);
INSERT INTO "run_params" VALUES(2,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(2,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(2,'training.epochs','20',20.0);
INSERT INTO "run_params" VALUES(2,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(2,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(2,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(2,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(2,'training.optimizer.learning_rate','0.05',0.05);
INSERT INTO "run_params" VALUES(2,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(2,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(2,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(2,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(2,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(3,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(3,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(3,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(3,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(3,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(3,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(3,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(3,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(3,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(3,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(3,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(3,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(3,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(3,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(3,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(3,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(3,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(3,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(3,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(3,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(3,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(3,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(3,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(3,'seed','0',0.0);
INSERT INTO "run_params" VALUES(3,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(3,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(3,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(3,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(3,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(3,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(3,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(3,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(3,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(3,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(3,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(3,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(3,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(3,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(4,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(4,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(4,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(4,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(4,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(4,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(4,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(4,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(4,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(4,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(4,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(4,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(4,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(4,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(4,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(4,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(4,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(4,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(4,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(4,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(4,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(4,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(4,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(4,'seed','0',0.0);
INSERT INTO "run_params" VALUES(4,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(4,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(4,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(4,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(4,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(4,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(4,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(4,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(4,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(4,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(4,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(4,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(4,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(4,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(5,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(5,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(5,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(5,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(5,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(5,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(5,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(5,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(5,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(5,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(5,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(5,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(5,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(5,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(5,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(5,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(5,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(5,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(5,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(5,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(5,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(5,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(5,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(5,'seed','0',0.0);
INSERT INTO "run_params" VALUES(5,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(5,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(5,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(5,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(5,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(5,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(5,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(5,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(5,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(5,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(5,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(5,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(5,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(5,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(6,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(6,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(6,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(6,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(6,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(6,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(6,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(6,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(6,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(6,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(6,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(6,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(6,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(6,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(6,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(6,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(6,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(6,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(6,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(6,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(6,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(6,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(6,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(6,'seed','0',0.0);
INSERT INTO "run_params" VALUES(6,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(6,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(6,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(6,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(6,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(6,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(6,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(6,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(6,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(6,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(6,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(6,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(6,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(6,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(7,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(7,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(7,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(7,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(7,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(7,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(7,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(7,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(7,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(7,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(7,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(7,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(7,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(7,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(7,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(7,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(7,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(7,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(7,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(7,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(7,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(7,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(7,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(7,'seed','0',0.0);
INSERT INTO "run_params" VALUES(7,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(7,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(7,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(7,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(7,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(7,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(7,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(7,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(7,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(7,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(7,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(7,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(7,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(7,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(8,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(8,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(8,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(8,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(8,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(8,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(8,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(8,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(8,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(8,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(8,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(8,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(8,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(8,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(8,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(8,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(8,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(8,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(8,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(8,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(8,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(8,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(8,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(8,'seed','0',0.0);
INSERT INTO "run_params" VALUES(8,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(8,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(8,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(8,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(8,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(8,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(8,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(8,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(8,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(8,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(8,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(8,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(8,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(8,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(9,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(9,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(9,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(9,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(9,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(9,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(9,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(9,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(9,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(9,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(9,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(9,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(9,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(9,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(9,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(9,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(9,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(9,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(9,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(9,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(9,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(9,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(9,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(9,'seed','0',0.0);
INSERT INTO "run_params" VALUES(9,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(9,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(9,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(9,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(9,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(9,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(9,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(9,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(9,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(9,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(9,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(9,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(9,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(9,'training.stop_on_nan','true',1.0);
INSERT INTO "run_params" VALUES(10,'architecture.activation','relu',NULL);
INSERT INTO "run_params" VALUES(10,'architecture.batch_norm','false',0.0);
INSERT INTO "run_params" VALUES(10,'architecture.dropout','0.0',0.0);
INSERT INTO "run_params" VALUES(10,'architecture.hidden','[64, 64]',NULL);
INSERT INTO "run_params" VALUES(10,'architecture.l1','0.0',0.0);
INSERT INTO "run_params" VALUES(10,'architecture.l2','0.0',0.0);
INSERT INTO "run_params" VALUES(10,'architecture.name','mlp',NULL);
INSERT INTO "run_params" VALUES(10,'data.augmentation','',NULL);
INSERT INTO "run_params" VALUES(10,'data.fold','0',0.0);
INSERT INTO "run_params" VALUES(10,'data.folds','0',0.0);
INSERT INTO "run_params" VALUES(10,'data.limit','',NULL);
INSERT INTO "run_params" VALUES(10,'data.resize','[]',NULL);
INSERT INTO "run_params" VALUES(10,'data.scaling','unit',NULL);
INSERT INTO "run_params" VALUES(10,'data.source','digits',NULL);
INSERT INTO "run_params" VALUES(10,'data.test_split','0.2',0.2);
INSERT INTO "run_params" VALUES(10,'data.validation_split','0.2',0.2);
INSERT INTO "run_params" VALUES(10,'deterministic','false',0.0);
INSERT INTO "run_params" VALUES(10,'evaluation.monitor','auto',NULL);
INSERT INTO "run_params" VALUES(10,'evaluation.test','true',1.0);
INSERT INTO "run_params" VALUES(10,'fine_tune','',NULL);
INSERT INTO "run_params" VALUES(10,'resources.device','auto',NULL);
INSERT INTO "run_params" VALUES(10,'resources.gpus','1',1.0);
INSERT INTO "run_params" VALUES(10,'resources.slot','',NULL);
INSERT INTO "run_params" VALUES(10,'seed','0',0.0);
INSERT INTO "run_params" VALUES(10,'training.batch_size','32',32.0);
INSERT INTO "run_params" VALUES(10,'training.early_stopping','',NULL);
INSERT INTO "run_params" VALUES(10,'training.engine','auto',NULL);
INSERT INTO "run_params" VALUES(10,'training.epochs','30',30.0);
INSERT INTO "run_params" VALUES(10,'training.max_steps','',NULL);
INSERT INTO "run_params" VALUES(10,'training.optimizer.beta_1','0.9',0.9);
INSERT INTO "run_params" VALUES(10,'training.optimizer.beta_2','0.999',0.999);
INSERT INTO "run_params" VALUES(10,'training.optimizer.clip_norm','',NULL);
INSERT INTO "run_params" VALUES(10,'training.optimizer.learning_rate','0.001',0.001);
INSERT INTO "run_params" VALUES(10,'training.optimizer.name','adam',NULL);
INSERT INTO "run_params" VALUES(10,'training.precision','float32',NULL);
INSERT INTO "run_params" VALUES(10,'training.record_steps','false',0.0);
INSERT INTO "run_params" VALUES(10,'training.schedule.name','constant',NULL);
INSERT INTO "run_params" VALUES(10,'training.stop_on_nan','true',1.0);
CREATE TABLE run_tags (
	run_id INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	CONSTRAINT pk_run_tags PRIMARY KEY (run_id, tag), 
	CONSTRAINT fk_run_tags_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "run_tags" VALUES(3,'old');
INSERT INTO "run_tags" VALUES(4,'old');
INSERT INTO "run_tags" VALUES(5,'old');
INSERT INTO "run_tags" VALUES(6,'old');
INSERT INTO "run_tags" VALUES(7,'old');
INSERT INTO "run_tags" VALUES(8,'old');
INSERT INTO "run_tags" VALUES(9,'old');
INSERT INTO "run_tags" VALUES(10,'old');
CREATE TABLE run_texts (
	run_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_run_texts PRIMARY KEY (run_id), 
	CONSTRAINT fk_run_texts_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "run_texts" VALUES(1,'digits-mlp-1
digits-mlp
relu
false
0.0
[64, 64]
mlp
0
[]
unit
digits
0.2
auto
true
1
32
3
0.9
0.999
0.001
adam
float32
constant');
INSERT INTO "run_texts" VALUES(2,'xor-2
xor
tanh
false
0.0
[8]
mlp
0
auto
true
1
4
20
0.9
0.999
0.05
adam
float32
constant');
INSERT INTO "run_texts" VALUES(3,'was queued
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(4,'was starting
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(5,'was running
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(6,'was stopping
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(7,'was finished
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(8,'was stopped
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(9,'was failed
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
INSERT INTO "run_texts" VALUES(10,'was lost
digits-mlp
digits
0.2
0
[]
unit
mlp
0.0
false
[64, 64]
relu
30
32
adam
0.001
0.9
0.999
constant
float32
auto
true
1');
CREATE TABLE runs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	uid VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	config JSON NOT NULL, 
	reason TEXT NOT NULL, 
	preset TEXT NOT NULL, 
	parent_id INTEGER, 
	created_by TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	queued_at DOUBLE NOT NULL, 
	starting_at DOUBLE, 
	training_at DOUBLE, 
	evaluating_at DOUBLE, 
	finished_at DOUBLE, 
	trashed_at DOUBLE, 
	host TEXT NOT NULL, 
	slots JSON NOT NULL, 
	pid INTEGER, 
	pid_started DOUBLE, 
	attempt INTEGER NOT NULL, 
	heartbeat_at DOUBLE, 
	stop_requested VARCHAR(16) NOT NULL, 
	step BIGINT NOT NULL, 
	total_steps BIGINT NOT NULL, 
	steps_per_epoch BIGINT NOT NULL, 
	facts JSON NOT NULL, 
	CONSTRAINT fk_runs_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (id), 
	CONSTRAINT fk_runs_parent_id FOREIGN KEY(parent_id) REFERENCES runs (id) ON DELETE SET NULL, 
	CONSTRAINT uq_runs_uid UNIQUE (uid)
);
INSERT INTO "runs" VALUES(1,'44a016f980574cd6a6de0e304e34a7d6','digits-mlp-1',1,'finished','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 3, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1.79564193571590876574e+09,1.79564193571590876574e+09,1.79564193574162960049e+09,1.79564193710569977762e+09,1.79564193730109763146e+09,1.79564193759477686886e+09,NULL,'old-host','["cpu:0"]',15628,1795641935.41,1,1.79564193749293541909e+09,'',108,108,36,'{"host": "old-host", "platform": "Linux-6.18.44-fc-v657-x86_64-with-glibc2.36", "device": "AMD EPYC", "cpus": 2, "versions": {"traindeck": "0.1.0", "python": "3.11.7", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6", "scikit-learn": "1.9.1"}, "git_commit": "d95674c3a5e66461fe2eddde9887dcaab693e35f", "data_fingerprint": "8110185b3f9d1b80cda6fd9b333e751833505a6cef305e02cb43bff049852c52", "examples": {"train": 1150, "validation": 287, "test": 360}, "parameters": 8970, "precision": "float32", "engine": {"way": "graph", "why": "no other was measured for this network", "setup_seconds": 0.749}}');
INSERT INTO "runs" VALUES(2,'144ee642e75a4d4d8fad01d6eccc4e63','xor-2',1,'finished','{"data": {"source": "xor", "validation_split": 0.0, "folds": 0, "fold": 0, "limit": null}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [8], "activation": "tanh"}, "fine_tune": null, "training": {"epochs": 20, "batch_size": 4, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.05, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','xor',NULL,'ada','',1.79564194665916323665e+09,1.79564194665916323665e+09,1.79564194670012760158e+09,1.79564194749440407756e+09,1.79564194785207629197e+09,1.79564194825212693215e+09,NULL,'old-host','["cpu:0"]',15831,1795641946.38,1,1.79564194762254261965e+09,'',20,20,1,'{"host": "old-host", "platform": "Linux-6.18.44-fc-v657-x86_64-with-glibc2.36", "device": "AMD EPYC", "cpus": 2, "versions": {"traindeck": "0.1.0", "python": "3.11.7", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6", "scikit-learn": "1.9.1"}, "git_commit": "d95674c3a5e66461fe2eddde9887dcaab693e35f", "data_fingerprint": "c9dee529e12256e855a5e988ee061ae42ee4511271d3b119f9aa395ef3c3f9f0", "examples": {"train": 4, "validation": 0, "test": 4}, "parameters": 38, "precision": "float32", "engine": {"way": "graph", "why": "no other was measured for this network", "setup_seconds": 0.474}}');
INSERT INTO "runs" VALUES(3,'e11edfba863243e4ac070e6061487a36','was queued',1,'queued','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1790000000.0,1790000000.0,NULL,NULL,NULL,NULL,NULL,'','[]',NULL,NULL,0,NULL,'',0,0,0,'{}');
INSERT INTO "runs" VALUES(4,'b6e68b710ca94cfea6d2c890f46ba0b1','was starting',1,'starting','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1790000001.0,1790000001.0,1790000002.0,NULL,NULL,NULL,NULL,'old-host','["cpu:0"]',4001,1790000002.0,2,NULL,'',0,0,0,'{}');
INSERT INTO "runs" VALUES(5,'4e793190966443e38b6d093f0bd799a0','was running',1,'running','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1790000002.0,1790000002.0,1790000003.0,1790000004.0,NULL,NULL,NULL,'old-host','["cpu:0"]',4002,1790000003.0,2,1790000011.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000007.0, "step": 10}]}');
INSERT INTO "runs" VALUES(6,'98f23ab253ad49b58453b314ad588a35','was stopping',1,'stopping','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1790000003.0,1790000003.0,1790000004.0,1790000005.0,NULL,NULL,NULL,'old-host','["cpu:0"]',4003,1790000004.0,2,1790000012.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000008.0, "step": 10}]}');
INSERT INTO "runs" VALUES(7,'c08bd1c7912047b7b953c7e066e63563','was finished',1,'finished','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','','digits-mlp',NULL,'ada','',1790000004.0,1790000004.0,1790000005.0,1790000006.0,NULL,1790000016.0,NULL,'old-host','["cpu:0"]',4004,1790000005.0,2,1790000013.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000009.0, "step": 10}]}');
INSERT INTO "runs" VALUES(8,'8059ed7da0a34f8b8f97f2766fd7eb28','was stopped',1,'stopped','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','it stopped','digits-mlp',NULL,'ada','',1790000005.0,1790000005.0,1790000006.0,1790000007.0,NULL,1790000017.0,NULL,'old-host','["cpu:0"]',4005,1790000006.0,2,1790000014.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000010.0, "step": 10}]}');
INSERT INTO "runs" VALUES(9,'5a1a16d9f84f4b4f97665715d0b98511','was failed',1,'failed','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','it failed','digits-mlp',NULL,'ada','',1790000006.0,1790000006.0,1790000007.0,1790000008.0,NULL,1790000018.0,NULL,'old-host','["cpu:0"]',4006,1790000007.0,2,1790000015.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000011.0, "step": 10}]}');
INSERT INTO "runs" VALUES(10,'c4d9e8306a1c4af3bdb43c74b560bb85','was lost',1,'lost','{"data": {"source": "digits", "validation_split": 0.2, "folds": 0, "fold": 0, "limit": null, "resize": [], "scaling": "unit", "augmentation": null, "test_split": 0.2}, "architecture": {"name": "mlp", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "batch_norm": false, "hidden": [64, 64], "activation": "relu"}, "fine_tune": null, "training": {"epochs": 30, "batch_size": 32, "max_steps": null, "optimizer": {"clip_norm": null, "name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}, "schedule": {"name": "constant"}, "early_stopping": null, "precision": "float32", "engine": "auto", "record_steps": false, "stop_on_nan": true}, "evaluation": {"monitor": "auto", "test": true}, "resources": {"device": "auto", "gpus": 1, "slot": ""}, "seed": 0, "deterministic": false}','it lost','digits-mlp',NULL,'ada','',1790000007.0,1790000007.0,1790000008.0,1790000009.0,NULL,1790000019.0,NULL,'old-host','["cpu:0"]',4007,1790000008.0,2,1790000016.0,'',30,300,30,'{"host": "old-host", "device": "CPU", "versions": {"tensorflow": "2.21.0"}, "data_fingerprint": "abc", "engine": {"way": "graph", "why": "chosen", "setup_seconds": 0.5}, "resumed": [{"at": 1790000012.0, "step": 10}]}');
CREATE TABLE summaries (
	run_id INTEGER NOT NULL, 
	metric_id INTEGER NOT NULL, 
	last DOUBLE, 
	best DOUBLE, 
	min DOUBLE, 
	max DOUBLE, 
	best_step BIGINT NOT NULL, 
	last_step BIGINT NOT NULL, 
	count BIGINT NOT NULL, 
	curve TEXT NOT NULL, 
	CONSTRAINT pk_summaries PRIMARY KEY (run_id, metric_id), 
	CONSTRAINT fk_summaries_metric_id FOREIGN KEY(metric_id) REFERENCES metrics (id), 
	CONSTRAINT fk_summaries_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "summaries" VALUES(1,1,0.821243824025859,0.821243824025859,0.821243824025859,2.13494293793388045799e+00,108,108,3,'[2.1349429379338805, 1.5276774908148725, 0.821243824025859]');
INSERT INTO "summaries" VALUES(1,2,8.50434782816016143769e-01,8.50434782816016143769e-01,3.33043478157209305035e-01,8.50434782816016143769e-01,108,108,3,'[0.3330434781572093, 0.7000000003109808, 0.8504347828160161]');
INSERT INTO "summaries" VALUES(1,3,5.99932529369713085642e-01,5.99932529369713085642e-01,5.99932529369713085642e-01,1.88578294544685176603e+00,108,108,3,'[1.8857829454468518, 1.1378795070515277, 0.5999325293697131]');
INSERT INTO "summaries" VALUES(1,4,8.95470380367717644354e-01,8.95470380367717644354e-01,6.20209057156632548313e-01,8.95470380367717644354e-01,108,108,3,'[0.6202090571566325, 0.815331010868325, 0.8954703803677176]');
INSERT INTO "summaries" VALUES(1,5,0.001,0.001,0.001,0.001,36,108,3,'[0.001, 0.001, 0.001]');
INSERT INTO "summaries" VALUES(1,6,6.20280770460764574458e-01,6.20280770460764574458e-01,6.20280770460764574458e-01,6.20280770460764574458e-01,108,108,1,'[0.6202807704607646]');
INSERT INTO "summaries" VALUES(1,7,8.69444437821706106461e-01,8.69444437821706106461e-01,8.69444437821706106461e-01,8.69444437821706106461e-01,108,108,1,'[0.8694444378217061]');
INSERT INTO "summaries" VALUES(1,8,53.2,53.2,53.2,53.2,0,0,1,'[53.2]');
INSERT INTO "summaries" VALUES(1,9,433.99609375,433.99609375,433.99609375,433.99609375,0,0,1,'[433.99609375]');
INSERT INTO "summaries" VALUES(1,10,0.0,0.0,0.0,0.0,0,0,1,'[0.0]');
INSERT INTO "summaries" VALUES(1,11,8.7096318311586706784e-01,8.7096318311586706784e-01,8.7096318311586706784e-01,8.7096318311586706784e-01,108,108,1,'[0.8709631831158671]');
INSERT INTO "summaries" VALUES(1,12,8.87199254993372599109e-01,8.87199254993372599109e-01,8.87199254993372599109e-01,8.87199254993372599109e-01,108,108,1,'[0.8871992549933726]');
INSERT INTO "summaries" VALUES(1,13,8.69154869154869169634e-01,8.69154869154869169634e-01,8.69154869154869169634e-01,8.69154869154869169634e-01,108,108,1,'[0.8691548691548692]');
INSERT INTO "summaries" VALUES(1,14,9.8874915997276391355e-01,9.8874915997276391355e-01,9.8874915997276391355e-01,9.8874915997276391355e-01,108,108,1,'[0.9887491599727639]');
INSERT INTO "summaries" VALUES(1,15,9.48608177014005682359e-01,9.48608177014005682359e-01,9.48608177014005682359e-01,9.48608177014005682359e-01,108,108,1,'[0.9486081770140057]');
INSERT INTO "summaries" VALUES(1,16,2.423607474813858631e-01,2.423607474813858631e-01,2.423607474813858631e-01,2.423607474813858631e-01,108,108,1,'[0.24236074748138586]');
INSERT INTO "summaries" VALUES(1,17,9.69444444444444441977e-01,9.69444444444444441977e-01,9.69444444444444441977e-01,9.69444444444444441977e-01,108,108,1,'[0.9694444444444444]');
INSERT INTO "summaries" VALUES(2,1,1.52894809842109680175e-01,1.52894809842109680175e-01,1.52894809842109680175e-01,6.96485400199890136718e-01,20,20,20,'[0.6964854001998901, 0.6912798285484314, 0.6884639263153076, 0.6811265349388123, 0.6713961958885193, 0.6591020226478577, 0.6429466009140015, 0.6219253540039062, 0.5957162380218506, 0.5643467307090759, 0.528058648109436, 0.48740559816360474, 0.44332486391067505, 0.39710161089897156, 0.35024294257164, 0.3043024241924286, 0.2606874406337738, 0.22049890458583832, 0.18445394933223724, 0.15289480984210968]');
INSERT INTO "summaries" VALUES(2,2,1.0,1.0,0.25,1.0,5,20,20,'[0.5, 0.25, 0.5, 0.5, 1.0, 0.75, 0.75, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]');
INSERT INTO "summaries" VALUES(2,5,0.05,0.05,0.05,0.05,1,20,20,'[0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05]');
INSERT INTO "summaries" VALUES(2,6,1.258433610200881958e-01,1.258433610200881958e-01,1.258433610200881958e-01,1.258433610200881958e-01,20,20,1,'[0.1258433610200882]');
INSERT INTO "summaries" VALUES(2,7,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,8,54.8,54.8,54.8,54.8,0,0,1,'[54.8]');
INSERT INTO "summaries" VALUES(2,9,392.03515625,392.03515625,392.03515625,392.03515625,0,0,1,'[392.03515625]');
INSERT INTO "summaries" VALUES(2,10,0.0,0.0,0.0,0.0,0,0,1,'[0.0]');
INSERT INTO "summaries" VALUES(2,11,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,12,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,13,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,14,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,15,1.0,1.0,1.0,1.0,20,20,1,'[1.0]');
INSERT INTO "summaries" VALUES(2,16,1.17541551589965820312e-01,1.17541551589965820312e-01,1.17541551589965820312e-01,1.17541551589965820312e-01,20,20,1,'[0.11754155158996582]');
CREATE INDEX ix_inspections_asked_at ON inspections (asked_at);
CREATE INDEX ix_runs_parent_id ON runs (parent_id);
CREATE INDEX ix_runs_trashed_at_created_at ON runs (trashed_at, created_at);
CREATE INDEX ix_runs_trashed_at_starting_at ON runs (trashed_at, starting_at);
CREATE INDEX ix_runs_trashed_at_finished_at ON runs (trashed_at, finished_at);
CREATE INDEX ix_runs_trashed_at_name ON runs (trashed_at, name);
CREATE INDEX ix_runs_trashed_at_state_experiment_id ON runs (trashed_at, state, experiment_id);
CREATE INDEX ix_runs_trashed_at_experiment_id_created_at ON runs (trashed_at, experiment_id, created_at);
CREATE INDEX ix_run_params_key_number ON run_params ("key", number, run_id);
CREATE INDEX ix_run_params_key_text ON run_params ("key", text, run_id);
CREATE INDEX ix_run_tags_tag ON run_tags (tag);
CREATE INDEX ix_summaries_metric_id_run_id_last_best_min_max ON summaries (metric_id, run_id, last, best, min, max);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',10);
COMMIT;
