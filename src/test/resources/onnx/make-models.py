#!/usr/bin/python3
"""Makes the foreign models of the tests: python3-torch 1.13 and python3-onnx 1.12 of Debian 12.

    make-models.py TRAIN-IMAGES.gz TRAIN-LABELS.gz TEST-IMAGES.gz OUT      (IDX files of Fashion-MNIST)

  lenet.onnx     a branchy LeNet, 10 classes, three exits of logits, batch free, opset 11 (the flattening asks shapes)
  residual.onnx  residual blocks with strided skips, 10 classes, exits of probabilities, batch free, opset 14
  dense.onnx     two scales, every layer sees all before it (as in MSDNet), one logit per exit, batch fixed to 1, opset 13
  series.onnx    LSTM over rows, batch in the middle of its tensors, 2 classes, opset 14
  expected.json  what PyTorch says of the first 16 test images, [model][exit][event][class]
"""
import gzip, json, sys
import numpy as np
import onnx, torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(7)
torch.set_num_threads(1)
CRITICAL = (2, 4, 6)


def idx(path, head):
    return np.frombuffer(gzip.open(path).read(), np.uint8)[head:]


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 12, 5)
        self.branch = nn.Conv2d(6, 6, 3, padding=1)
        self.early = nn.Linear(6 * 7 * 7, 10)
        self.middle = nn.Linear(12 * 5 * 5, 10)
        self.fc1 = nn.Linear(12 * 5 * 5, 48)
        self.fc2 = nn.Linear(48, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        b = F.max_pool2d(torch.relu(self.branch(x)), 2)
        e1 = self.early(b.view(b.size(0), -1))
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return e1, self.middle(x), self.fc2(torch.relu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.one, self.two = nn.Conv2d(a, b, 3, stride, 1), nn.Conv2d(b, b, 3, 1, 1)
        self.n1, self.n2 = nn.BatchNorm2d(b), nn.BatchNorm2d(b)
        self.skip = nn.Conv2d(a, b, 1, stride) if stride > 1 or a != b else nn.Identity()

    def forward(self, x):
        return torch.relu(self.n2(self.two(torch.relu(self.n1(self.one(x))))) + self.skip(x))


class Residual(nn.Module):
    """The long skip from the stem to the last block goes across both cuts."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 6, 3, 2, 1)
        self.b1, self.b2, self.b3 = Block(6, 6, 1), Block(6, 10, 2), Block(10, 10, 1)
        self.long = nn.Conv2d(6, 10, 1, 2)
        self.h = nn.ModuleList(nn.Linear(c, 10) for c in (6, 10, 10))

    def forward(self, x):
        s = torch.relu(self.stem(x))
        a = self.b1(s)
        b = self.b2(a)
        c = self.b3(b + self.long(s))
        return tuple(torch.softmax(h(v.mean((2, 3))), 1) for h, v in zip(self.h, (a, b, c)))


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.f0, self.c0 = nn.Conv2d(1, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)
        self.f = nn.ModuleList(nn.Conv2d(4 * (i + 1), 4, 3, 1, 1) for i in range(3))
        self.down = nn.ModuleList(nn.Conv2d(4 * (i + 1), 4, 3, 2, 1) for i in range(3))
        self.c = nn.ModuleList(nn.Conv2d(4 * (2 * i + 1) if i else 4, 4, 3, 1, 1) for i in range(3))
        self.h = nn.ModuleList(nn.Linear(4 * (2 * i + 3), 1) for i in range(3))

    def forward(self, x):
        fine = [torch.relu(self.f0(x))]
        coarse = [torch.relu(self.c0(fine[0]))]
        out = []
        for i in range(3):
            f, c = torch.cat(fine, 1), torch.cat(coarse, 1)
            coarse += [torch.relu(self.c[i](c)), torch.relu(self.down[i](f))]
            fine.append(torch.relu(self.f[i](f)))
            out.append(self.h[i](torch.cat(coarse, 1).mean((2, 3))).squeeze(1))
        return tuple(out)


class Series(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.LSTM(28, 12), nn.LSTM(12, 12)
        self.h1, self.h2 = nn.Linear(12, 2), nn.Linear(24, 2)

    def forward(self, x):
        x = x.transpose(0, 1)
        a, _ = self.a(x)
        b, _ = self.b(a)
        return self.h1(a[-1]), self.h2(torch.cat((a[-1], b[-1]), 1))


def train(net, x, y, loss, epochs, rate=0.01):
    opt = torch.optim.Adam(net.parameters(), rate)
    for _ in range(epochs):
        for i in torch.randperm(len(x)).split(64):
            opt.zero_grad()
            sum(loss(o, y[i]) for o in net(x[i])).backward()
            opt.step()
    net.eval()


def write(net, sample, out, name, opset, exits, free=True):
    names = ["e%d" % (i + 1) for i in range(exits)]
    axes = {n: {0: "batch"} for n in ["x"] + names} if free else None
    torch.onnx.export(net, sample, "%s/%s.onnx" % (out, name), input_names=["x"], output_names=names,
                      dynamic_axes=axes, opset_version=opset)
    onnx.checker.check_model("%s/%s.onnx" % (out, name))


def main(images, labels, test, out):
    t = torch.tensor(idx(test, 16)[:16 * 784].reshape(-1, 1, 28, 28).astype(np.float32) * np.float32(1 / 255))
    expected = {}

    def told(name, net, x):
        with torch.no_grad():
            expected[name] = [o.reshape(16, -1).tolist() for o in net(x)]

    y = torch.tensor(idx(labels, 8).astype(np.int64))
    x = torch.tensor(idx(images, 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255)
    hard = torch.tensor(np.isin(y.numpy(), CRITICAL))
    entropy = F.cross_entropy
    net = LeNet()
    train(net, x, y, entropy, 3)
    write(net, x[:2], out, "lenet", 11, 3)
    told("lenet", net, t)
    net = Residual()
    train(net, x, y, lambda p, t: F.nll_loss(torch.log(p + 1e-9), t), 3)
    write(net, x[:2], out, "residual", 14, 3)
    told("residual", net, t)
    net = Dense()
    train(net, x, hard.float(), F.binary_cross_entropy_with_logits, 3)
    write(net, x[:1], out, "dense", 13, 3, False)
    told("dense", net, t)
    net = Series()
    train(net, x[:, 0], hard.long(), entropy, 2)
    write(net, x[:2, 0], out, "series", 14, 2)
    told("series", net, t[:, 0])
    json.dump(expected, open(out + "/expected.json", "w"))


main(*sys.argv[1:])
