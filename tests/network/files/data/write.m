% Writes octave.mat beside this file with GNU Octave: octave-cli write.m
net.A = diag([0.1 0.25]); net.W = [0 0.3; -0.7 0]; net.h = [1.5; -2]; net.mu0 = {[1;2],[3;4]};
net.note = 'text'; net.dt = 0.5; net.deep.x = 1; net.empty = [];
save('-v7', 'octave.mat', 'net');
