"""Images in ten classes: files of MNIST and CIFAR-10 from a folder, and the digits that come with scikit-learn."""
