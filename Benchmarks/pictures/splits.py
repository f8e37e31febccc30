"""Which pictures train and which judge. Numbers count from 0."""

# Of the 500 facades: 001-400 train, 401-500 judge. Unpaired, photos are those of one half and label maps those of the other.
FACADES_TRAIN, FACADES_TEST = range(0, 400), range(400, 500)
FACADES_PHOTOS, FACADES_LABELS = range(0, 200), range(200, 400)
# Of Fashion-MNIST's 60,000 pictures drawn edges are made of one half and photos are the other; of its test pictures the first
# thousand judge.
FASHION_EDGES, FASHION_PHOTOS, FASHION_TEST = range(0, 30_000), range(30_000, 60_000), range(0, 1000)
