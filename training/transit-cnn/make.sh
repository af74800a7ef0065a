#!/bin/sh
# Makes transit-cnn again: sets, training, calibration, measures, card. From the root of the repository,
# after `npm run build:server`; PYTHON names an interpreter with requirements.txt installed.
set -e
build=${1:-.lightfold/transit-cnn}
here=training/transit-cnn
rows() { node $here/examples.mjs --seed "$1" --stars "$2" --out "$build/$3"; }
rows 101 12000 training
rows 102 1500 validation
rows 103 2500 calibration
rows 104 3000 test
if [ -d ../shared/data ]; then
  node $here/real.mjs --data ../shared/data --out "$build/real"
else
  echo 'There are no real light curves at ../shared/data: the card will not report them.'
fi
${PYTHON:-python3} $here/train.py --training "$build/training" --validation "$build/validation" --out "$build"
node $here/publish.mjs --build "$build" --out models/transit-cnn/v1.0.0
